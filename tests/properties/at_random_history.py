"""What happens to a random contract: progress and changes of its terms. Part of `contracts_at_random`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from at_random_price import components
from at_random_shapes import Promise, months_on, promise

if TYPE_CHECKING:
    from contracts_at_random import Draft

DAY = timedelta(days=1)


class History:
    """Writes the rows of one contract, day by day."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.draw = draft, draft.draw
        self.lines = list(draft.promises)
        self.done: dict[str, list[tuple[date, int, int]]] = {}  # progress: day, to date, out of
        self.version = 1
        self.on = draft.agreed
        self.paused = False
        self.closed = False  # no further change of terms
        self.moved = False  # a prospective change has been made
        self.kinds: set[str] = set()

    def happens(self) -> bool:
        """Everything. Returns whether the terms and the kinds of consideration are as simple as at inception."""
        for line in self.lines:
            self._progress(line)
        self._state("inception", self.on, self.on, None)
        for _ in range(self.draw.choice((0, 0, 1, 1, 2, 2, 3))):
            self._change()
        simple = self.version == 1
        if self.draft.chance(0.15):
            self._undone()
        if self.draft.shape != "residual":
            components(self, simple)
        return simple and not self.kinds

    # progress

    def _progress(self, line: Promise) -> None:
        draw, on = self.draw, line.starts
        rows: list[tuple[date, int, int]] = []
        if line.method == "point_in_time" and self.draft.chance(0.25) and line.scope is None and line.amount >= 0:
            on += DAY * draw.randrange(1, 90)
            rows.append((on, line.quantity, line.quantity))
        if line.method in ("units", "percent_complete", "milestone"):
            whole = {"percent_complete": 100}.get(line.method, line.quantity)
            reached, steps = 0, draw.randrange(0, 6)
            for _ in range(steps):
                on += DAY * draw.randrange(3, 120)
                reached = min(whole, reached + draw.randrange(0, 1 + max(1, whole // 2)))
                if line.ends and on > line.ends:
                    break
                rows.append((on, reached, whole))
        self.done[line.line_id] = rows
        fewer = line.method == "units" and line.ends and self.draft.chance(0.3) and len(rows) > 1
        cost = line.method == "percent_complete" and self.draft.chance(0.4)
        fewer = fewer and self.draft.company.elections.get("breakage") != "remote"
        for n, (measured, reached, whole) in enumerate(rows):
            row = {"contract_id": self.draft.contract_id, "line_id": line.line_id, "measured_on": measured}
            row |= {"to_date": reached, "expected": None, "at_cost": None, "recorded_at": None}
            if fewer:
                row["expected"] = max(1, reached, whole - draw.randrange(whole // 3 + 1) - n)
            elif cost:
                row |= {"to_date": reached * 1_370, "expected": whole * 1_370}
            self._known(row, measured)
        self.expected = fewer or getattr(self, "expected", False)

    def _known(self, row: dict[str, object], measured: date) -> None:
        """Now and then a measure is learned late, or corrected after a wrong one."""
        add = self.draft.rows["progress"].append
        late = f"{measured + DAY * self.draw.randrange(5, 80)}T09:30:00Z"
        if self.draft.chance(0.1):
            add(row | {"to_date": self._less(row["to_date"])})
            add(row | {"recorded_at": late})
        else:
            add(row | {"recorded_at": late if self.draft.chance(0.15) else None})

    @staticmethod
    def _less(reached: object) -> int:
        return int(reached) // 2

    def _reached(self, line: Promise, on: date) -> int:
        return next((reached for day, reached, _ in reversed(self.done.get(line.line_id, [])) if day < on), 0)

    def _open(self, line: Promise, on: date) -> bool:
        """Whether something of a line is still to come at the start of a day."""
        if line.amount < 0:
            return False
        if line.method == "straight_line":
            return line.ends >= on
        if line.method == "point_in_time":
            rows = self.done.get(line.line_id)
            return (rows[0][0] if rows else line.starts) >= on
        if line.method == "units" and line.ends and line.ends < on:
            return False
        return self._reached(line, on) < (100 if line.method == "percent_complete" else line.quantity)

    # terms

    def _state(self, change: str, agreed: date, effective: date, treatment: str | None, **more: object) -> None:
        draft = self.draft
        recorded = None
        if self.version > 1 and draft.chance(0.4):
            recorded = f"{effective + DAY * self.draw.randrange(-3, 120)}T12:00:00Z"
        draft.add(
            "contract_versions",
            contract_id=draft.contract_id,
            version=self.version,
            agreed_on=agreed,
            effective_on=effective,
            change=change,
            treatment=treatment,
            resumes_on=more.get("resumes_on"),
            voided_on=None,
            recorded_at=recorded,
        )
        for line in self.lines:
            draft.add(
                "contract_lines",
                contract_id=draft.contract_id,
                version=self.version,
                line_id=line.line_id,
                product_id=line.product_id,
                quantity=line.quantity,
                amount=draft.money(line.amount),
                starts_on=line.starts,
                ends_on=line.ends,
                ssp=None if line.ssp is None else draft.money(line.ssp),
                discount_scope=line.scope,
            )

    def _change(self) -> None:
        """One change of the terms that the rules in words decide, if the contract allows any."""
        draft, draw = self.draft, self.draw
        on = self.on + DAY * draw.randrange(10, 200)
        if draft.company.convention != "daily" or draft.chance(0.4):
            on = months_on(on.replace(day=1), 1)
        open_lines = [line for line in self.lines if self._open(line, on)]
        if self.closed or not open_lines or draft.shape in ("residual", "discount") or self.expected:
            return
        kinds = self._possible(open_lines, on)
        if not kinds:
            return
        self.version += 1
        self.on = on
        getattr(self, f"_{draw.choice(kinds)}")(open_lines, on)

    def _undone(self) -> None:
        """A last change that is voided later; it leaves no trace in the figures."""
        before, lines = self.version, list(self.lines)
        self._change()
        if self.version > before:
            row = self.draft.rows["contract_versions"][-1]
            row["voided_on"] = row["effective_on"] + DAY * self.draw.randrange(1, 60)
        self.lines = lines

    def _possible(self, open_lines: list[Promise], on: date) -> list[str]:
        policy, one = self.draft.company.modification, len(open_lines) == 1
        running = [line for line in open_lines if line.method == "straight_line" and line.starts < on]
        alone = len(self.lines) == 1
        if self.paused and not one:
            return []
        even = self.draft.company.convention in ("daily", "monthly_prorated_ends")
        if not (even or alone):
            return []
        if policy == "catch_up":
            return ["price"] if alone and open_lines[0].method in ("straight_line", "milestone") else []
        kinds = ["price"] if any(line.method != "point_in_time" for line in open_lines) else []
        if alone and not self.moved:
            kinds.append("catch_up")
        if running and len(running) == len(open_lines):
            kinds += ["downgrade", "extension", "termination"]
            kinds += ["pause", "pause"] if one else []
        priced = all(line.ssp is not None or line.listed for line in self.lines)
        if policy == "derived" and even:
            kinds += ["separate"]
        if priced and even and not self.paused:
            kinds += ["below", "below"]
        return kinds

    def _replace(self, line: Promise, **changes: object) -> None:
        self.lines[self.lines.index(line)] = replace(line, **changes)

    def _part(self, line: Promise, on: date) -> tuple[int, int]:
        """About how much of a line is done."""
        if line.method == "straight_line":
            whole = (line.ends - line.starts).days + 1
            return min(whole, max(0, (on - line.starts).days)), whole
        return self._reached(line, on), 100 if line.method == "percent_complete" else line.quantity

    def _repriced(self, line: Promise, on: date, percent: int) -> int:
        done, whole = self._part(line, on)
        return max(1, line.amount * done // whole + line.amount * (whole - done) * percent // (whole * 100))

    def _treated(
        self, on: date, change: str, treatment: str | None = None, *, separate: bool = False, **more: object
    ) -> None:
        agreed = on - DAY * self.draw.choice((0, 0, 0, 12)) if not self._uses_book() else on
        measured = any(line.method in ("percent_complete", "milestone") and self._open(line, on) for line in self.lines)
        if measured and change != "pause" and len(self.lines) > 1 and not (separate or treatment):
            treatment = "prospective"  # whether unchanged lines in progress join what is shared is left open
        self.moved = self.moved or treatment != "catch_up"
        self._state(change, max(self.draft.agreed, agreed), on, treatment, **more)

    def _uses_book(self) -> bool:
        return any(line.listed for line in self.lines)

    def _price(self, open_lines: list[Promise], on: date) -> None:
        """A new price for what is to come."""
        line = self.draw.choice([line for line in open_lines if line.method != "point_in_time"])
        self._replace(line, amount=self._repriced(line, on, self.draw.randrange(50, 180)))
        measured = line.method in ("percent_complete", "milestone")
        derived = self.draft.company.modification == "derived"
        stated = "prospective" if measured and derived and len(self.lines) > 1 else None
        self.closed = self.closed or (measured and derived and stated is None)
        self._treated(on, "price_change", stated)

    def _catch_up(self, open_lines: list[Promise], on: date) -> None:
        line = open_lines[0]
        self._replace(line, amount=self._repriced(line, on, self.draw.randrange(50, 180)))
        self._treated(on, "price_change", "catch_up")

    def _downgrade(self, open_lines: list[Promise], on: date) -> None:
        line = self.draw.choice(open_lines)
        self._replace(line, amount=self._repriced(line, on, self.draw.randrange(20, 95)))
        self._treated(on, "downgrade")

    def _extension(self, open_lines: list[Promise], on: date) -> None:
        line = self.draw.choice(open_lines)
        ends = months_on(line.ends + DAY, self.draw.choice((1, 3, 12))) - DAY
        changes: dict[str, object] = {"amount": line.amount + line.amount * self.draw.randrange(10, 110) // 100}
        if line.ssp is not None:
            changes["ssp"] = line.ssp + line.ssp * self.draw.randrange(10, 110) // 100
        self._replace(line, ends=ends, **changes)
        self._treated(on, "extension")

    def _termination(self, open_lines: list[Promise], on: date) -> None:
        """The lines end with the notice period, or at once where one line is all there is."""
        notice = self.draw.choice((0, 30, 60)) if len(self.lines) == 1 else 30
        last = on + DAY * (notice - 1)
        if any(last >= line.ends for line in open_lines):
            self._downgrade(open_lines, on)
            return
        for line in open_lines:
            self._replace(line, ends=last, amount=self._repriced(line, on, self.draw.randrange(5, 40)))
        self.closed = True
        self._treated(on, "termination")

    def _pause(self, open_lines: list[Promise], on: date) -> None:
        line = open_lines[0]
        resumes = on + DAY * self.draw.randrange(14, 90)
        if self.draft.company.convention != "daily":
            resumes = months_on(on, self.draw.randrange(1, 4))
        self._replace(line, starts=resumes, ends=resumes + (line.ends - on))
        self.paused = True
        self.on = resumes
        self._treated(on, "pause", resumes_on=resumes)

    def _added(self, on: date) -> Promise:
        fresh = promise(self.draft, f"N{self.version}", self.draw.choice(("straight_line", "point_in_time")), "own")
        starts = on + DAY * self.draw.choice((0, 0, 20))
        ends = months_on(starts, self.draw.choice((3, 6, 12))) - DAY if fresh.method == "straight_line" else None
        self.done[fresh.line_id] = []
        return replace(fresh, starts=starts, ends=ends, ssp=fresh.amount)

    def _separate(self, _: list[Promise], on: date) -> None:
        """Distinct goods at their standalone price (606-10-25-12); the contract changes no more."""
        self.lines.append(self._added(on))
        self.closed = True
        self._treated(on, "upsell", separate=True)

    def _below(self, _: list[Promise], on: date) -> None:
        fresh = self._added(on)
        self.lines.append(
            replace(fresh, amount=fresh.amount * self.draw.randrange(30, 90) // 100, ssp=fresh.amount + 1)
        )
        self._treated(on, "upsell")
