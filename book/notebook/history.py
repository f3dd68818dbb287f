"""What ran on a page, and what must run for a cell, in whatever order the reader asks."""

from dependencies import before, read
from numpy.random import Generator


class History:
    """A cell gets what those above it made, and the same random numbers whenever it runs."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.done = {}  # the code of each cell that ran, by its number
        self.writers = {}  # the cell that gave each name its value, or changed it, last
        self.began = {}  # where random generators stood, for a cell and those that it needs

    def plan(self, sources, target, everything=False):
        """The cells that must run, in their order."""
        self.sources, self.cells = sources, read(sources[: target + 1])
        written = [i for i in range(target) if sources[i].strip()]
        order = [*(written if everything else before(self.cells, target)), target]
        self.ways = {i: tuple(sources[j] for j in [*before(self.cells, i), i]) for i in order}
        chosen = {i for i in order if self.done.get(i) != sources[i]} | {target}
        known = set()
        while known != chosen:
            known = set(chosen)
            chosen |= self._lacking(order, chosen)
        return sorted(chosen)

    def _lacking(self, order, chosen):
        """What must run too, as the values are not those that come from the cells above."""
        found, last, now = set(), {}, dict(self.writers)
        for i in order:
            cell = self.cells[i]
            needed = cell.needed - cell.drawn if self.ways[i] in self.began else cell.needed
            makers = {name: last[name] for name in needed & last.keys()}
            if chosen & {*makers.values()}:
                found.add(i)
            if i in chosen:
                found |= {maker for name, maker in makers.items() if now.get(name) != maker}
                now |= dict.fromkeys(cell.written, i)
            last |= dict.fromkeys(cell.written, i)
        return found

    def begin(self, number):
        """Set random generators to where they stood when this cell began before."""
        cell = self.cells[number]
        self.done.pop(number, None)
        self.writers |= dict.fromkeys(cell.written, number)
        made = {name: self.namespace.get(name) for name in cell.drawn}
        drawn = {name: each for name, each in made.items() if isinstance(each, Generator)}
        states = {name: each.bit_generator.state for name, each in drawn.items()}
        for name, state in self.began.setdefault(self.ways[number], states).items():
            if name in drawn:
                drawn[name].bit_generator.state = state

    def end(self, number):
        """It ended without an error."""
        self.done[number] = self.sources[number]
