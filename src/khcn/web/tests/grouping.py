"""Has acts share one commit on purpose: the first one's commit is held until all the others wait for the next."""

import threading

from django.db import connections

from khcn.web import shared_commits

PATIENCE_SECONDS = 60


class Groups:
    """Runs acts on threads of their own; what each gave or raised, and how many acts each commit was shared by."""

    def __init__(self, monkeypatch):
        self.sizes = []
        self._first_is_in, self._others_wait = threading.Event(), threading.Event()
        self._commit = shared_commits._commit
        monkeypatch.setattr(shared_commits, "_commit", self._watched)

    def _watched(self, group, lock):
        if not self.sizes:
            self._first_is_in.set()
            self._others_wait.wait(PATIENCE_SECONDS)
        self.sizes.append(len(group))
        self._commit(group, lock)

    def run(self, acts):
        """What came of the acts, in order: values, or the exceptions that were raised."""
        told = [None] * len(acts)

        def one(number):
            try:
                told[number] = acts[number]()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                told[number] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
        threads[0].start()
        assert self._first_is_in.wait(PATIENCE_SECONDS)
        for number, thread in enumerate(threads[1:]):
            thread.start()
            while sum(len(line._waiting) for line in shared_commits._lines.values()) <= number:
                thread.join(0.005)
        self._others_wait.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()
        return told
