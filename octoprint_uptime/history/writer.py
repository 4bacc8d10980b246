"""The one thread that writes. It runs jobs in their order, and no job can end it."""

import queue
import threading


class Writer:
    """``failed`` is called, in the thread, with each exception that a job raises."""

    def __init__(self, failed):
        self._jobs: queue.SimpleQueue = queue.SimpleQueue()
        self._failed = failed

    def start(self):
        """Begin to run the jobs."""
        threading.Thread(target=self._run, name="uptime writer", daemon=True).start()

    def put(self, job, delay=0.0):
        """Run ``job``, a function without arguments, after the others; or that only after ``delay`` seconds."""
        if delay:
            timer = threading.Timer(delay, self._jobs.put, [job])
            timer.daemon = True
            timer.start()
        else:
            self._jobs.put(job)

    def flush(self, seconds):
        """Wait until the jobs so far have run, for so many seconds at most; returns whether they have."""
        done = threading.Event()
        self._jobs.put(done.set)
        return done.wait(seconds)

    def _run(self):
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception as error:  # the next job has to run in any case
                self._failed(error)
