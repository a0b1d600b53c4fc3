"""Write python_udfs/functions/*.py: each function with the parts it needs, in one text that ships to every warehouse.

    python -m python_udfs.bundle [--check]

A warehouse takes the body of a function as one self-contained text of the standard library; the parts are written and
read apart. With --check nothing is written and stale texts are named (exit code 1).
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
# Function -> its parts, each after those it reads.
FUNCTIONS = {
    "fold_invoice": ["schedule", "invoice"],
    "fold_cost": ["schedule", "cost"],
    "fold_currency": ["layers", "currency"],
    "fold_contract": ["schedule", "terms", "price", "slices", "discounts", "contract", "record", "balances", "history"],
}


def split(part: str) -> tuple[list[str], str]:
    """The imports of a part from the standard library, and the rest of it without its docstring."""
    text = (HERE / "parts" / f"{part}.py").read_text(encoding="utf-8")
    body = text.split('"""', 2)[2]
    lines = body.splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from ")) and "python_udfs" not in line]
    kept, skipping = [], False
    for line in lines:
        if line.startswith(("import ", "from ")):
            skipping = line.endswith("(")
            continue
        if skipping:
            skipping = line != ")"
            continue
        kept.append(line)
    return imports, "\n".join(kept).strip()


def bundled(function: str) -> str:
    """The text of a function."""
    parts = [split(part) for part in FUNCTIONS[function]]
    imports = sorted({line for found, _ in parts for line in found}, key=lambda line: (line.startswith("from"), line))
    names = ", ".join(FUNCTIONS[function])
    header = f'"""Made by `python -m python_udfs.bundle` from python_udfs/parts ({names}): edit those."""'
    return "\n\n\n".join([header + "\n\n" + "\n".join(imports), *(body for _, body in parts)]) + "\n"


def stale() -> list[Path]:
    """The texts that are not what their parts give."""
    paths = {name: HERE / "functions" / f"{name}.py" for name in FUNCTIONS}
    return [
        path for name, path in paths.items() if not path.exists() or path.read_text(encoding="utf-8") != bundled(name)
    ]


def main(check: bool) -> int:
    found = stale()
    for path in found:
        print(f"{'stale' if check else 'written'}: {path.relative_to(HERE.parent)}")
        if not check:
            path.write_text(bundled(path.stem), encoding="utf-8")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
