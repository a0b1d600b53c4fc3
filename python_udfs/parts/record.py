"""The price allocation and the obligations of a version, written down as they stand when it ends."""

from python_udfs.parts.price import rounded_shares

LATEST = 10**9


def weight(contract, line, event):
    """What a line weighed when it was last priced up to an event; its standalone price where nothing was shared."""
    for basis in reversed(contract.bases):
        if basis.version <= event and basis.weights.get(line.key):
            return int(basis.weights[line.key])
    return line.ssp


def write_version(contract, key, version, treatment, recognized):
    """The price allocation and the obligations of a version as they stand when it ends."""
    parts = {}
    for component in contract.components.values():
        shares = dict(component.placed)
        if component.first_day is not None and not component.is_apart and component.amount != sum(shares.values()):
            whole = component.amount - sum(shares.values())
            for line_key, units in rounded_shares(component.shares, contract.lines, whole).items():
                shares.setdefault(line_key, units)
        for line_key, units in shares.items():
            parts.setdefault(line_key, []).append((component, units))
    basis = contract.bases[-1]
    kind = "inception" if treatment == "inception" else "modification"
    for line in sorted({**contract.by_use, **contract.lines}.values(), key=lambda each: each.seq):
        if line.contract != key:
            continue
        own = line.allocated
        for component, units in parts.get(line.key, []):
            own -= 0 if line.key in component.placed else units
            because = "targeted" if component.scope else "price_change" if component.changed else "inception"
            weighs = weight(contract, line, component.origin)
            contract.prices.append([key, version, line.key, component.number, line.ssp, weighs, units, because])
        added = [
            span for (of_line, name), span in contract.spans.items() if of_line == line.key and type(name) is tuple
        ]
        own += sum(span.amount for span in added)
        if line.key in contract.lines and (line.is_promised or own):
            weighs = weight(contract, line, LATEST)
            because = "residual" if line.key in basis.residual else kind
            contract.prices.append([key, version, line.key, 0, line.ssp, weighs, own, because])
    for obligation in contract.obligations.values():
        lines = [line for line in obligation.promised() if line.contract == key]
        if lines:
            whole = sum(line.allocated for line in lines)
            before = sum(recognized.get(line.key, 0) for line in lines)
            contract.promises.append([key, version, obligation.key, whole, before, treatment])
