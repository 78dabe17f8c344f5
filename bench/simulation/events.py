"""A small simulation of discrete events: processes, slots that many share, and buckets of permits. Pure.

A process is a generator. It yields seconds to wait, or something it waits for: `slots.take()`, `bucket.take(amount)`,
`simulation.all(processes)`.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Generator, Iterable
from itertools import count
from typing import TypeAlias

#: Called when a process goes on.
Resume: TypeAlias = Callable[[], None]
#: Given a resume, calls it now or later.
Waiting: TypeAlias = Callable[[Resume], None]
Process: TypeAlias = Generator["float | Waiting", None, None]


class Simulation:
    """A clock and what will happen."""

    def __init__(self) -> None:
        self.now = 0.0
        self._next: list[tuple[float, int, Resume]] = []
        self._order = count()

    def after(self, seconds: float, happen: Resume) -> None:
        """Let something happen; of two things at one moment, the first to be planned comes first."""
        heapq.heappush(self._next, (self.now + seconds, next(self._order), happen))

    def start(self, process: Process, ended: Resume | None = None) -> None:
        """Run a process from now on."""

        def go_on() -> None:
            wait = next(process, None)
            if wait is None:
                if ended is not None:
                    ended()
            elif callable(wait):
                wait(go_on)
            else:
                self.after(wait, go_on)

        self.after(0.0, go_on)

    def all(self, processes: Iterable[Process]) -> Waiting:
        """Waits until all have ended."""
        started = list(processes)

        def waiting(resume: Resume) -> None:
            left = len(started)

            def ended() -> None:
                nonlocal left
                left -= 1
                if not left:
                    resume()

            for process in started:
                self.start(process, ended)
            if not started:
                self.after(0.0, resume)

        return waiting

    def run(self) -> float:
        """Let everything happen; the time at the end."""
        while self._next:
            self.now, _, happen = heapq.heappop(self._next)
            happen()
        return self.now


class Slots:
    """So many may be taken at once; who comes first is served first."""

    def __init__(self, simulation: Simulation, most: float) -> None:
        self.most, self.waited, self.taken = most, 0.0, 0
        self.most_used: float = 0
        self._simulation = simulation
        self._used: float = 0
        self._queue: deque[tuple[float, float, Resume]] = deque()

    def take(self, amount: float = 1) -> Waiting:
        """Waits for so many slots; `give` returns them. More than there are count as all of them."""

        def waiting(resume: Resume) -> None:
            self._queue.append((self._simulation.now, min(amount, self.most), resume))
            self._serve()

        return waiting

    def give(self, amount: float = 1) -> None:
        """Return so many slots."""
        self._used -= min(amount, self.most)
        self._serve()

    def _serve(self) -> None:
        while self._queue and self._used + self._queue[0][1] <= self.most:
            came, amount, resume = self._queue.popleft()
            self._used += amount
            self.taken += 1
            self.waited += self._simulation.now - came
            self.most_used = max(self.most_used, self._used)
            self._simulation.after(0.0, resume)


class Bucket:
    """Permits that flow in at `rate` a second, up to `size`; who comes first is served first."""

    def __init__(self, simulation: Simulation, rate: float, size: float) -> None:
        self.rate, self.size, self.waited, self.granted = rate, size, 0.0, 0.0
        self._simulation, self._level, self._at = simulation, size, 0.0
        self._queue: deque[tuple[float, float, Resume]] = deque()
        self._awake = False

    def take(self, amount: float = 1.0) -> Waiting:
        """Waits for the permits; more than the bucket's size never come, so they count as its size."""

        def waiting(resume: Resume) -> None:
            self._queue.append((self._simulation.now, min(amount, self.size), resume))
            self._serve()

        return waiting

    def give(self, amount: float) -> None:
        """Return permits that were not needed."""
        self._fill()
        self._level = min(self.size, self._level + amount)
        self.granted -= amount
        self._serve()

    def _fill(self) -> None:
        now = self._simulation.now
        self._level = min(self.size, self._level + (now - self._at) * self.rate)
        self._at = now

    def _serve(self) -> None:
        self._fill()
        while self._queue and self._queue[0][1] <= self._level:
            came, amount, resume = self._queue.popleft()
            self._level -= amount
            self.granted += amount
            self.waited += self._simulation.now - came
            self._simulation.after(0.0, resume)
        if self._queue and not self._awake:
            self._awake = True
            # A microsecond more than needed: a shorter wait than the clock can count would never end.
            self._simulation.after((self._queue[0][1] - self._level) / self.rate + 1e-6, self._wake)

    def _wake(self) -> None:
        self._awake = False
        self._serve()
