import statistics
import time


def median_time(seconds, run):
    """The seconds of a run, as Timing.swift takes them."""
    run()
    end = time.perf_counter() + seconds
    times = []
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
