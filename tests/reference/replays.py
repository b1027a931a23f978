"""Spec 19, `replay`: many draws replayed, each by replay.py, on all processors of the machine."""
import multiprocessing, os
from concurrent.futures import ProcessPoolExecutor

from replay import verify

ASKED = []  # what the processes replay: they are forked after it is filled

def one(number):
    found = []
    verdict = verify(*ASKED[number], found.append)
    return verdict, [line for line in found if line[0] == "F"]

def replays(asked):
    """Of (record, files): the verdict and the lines of checks that fail, in the order of what was asked."""
    ASKED[:] = asked
    numbers, workers = range(len(asked)), min(len(asked), len(os.sched_getaffinity(0)) if hasattr(
        os, "sched_getaffinity") else os.cpu_count() or 1)
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return [one(number) for number in numbers]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        return list(pool.map(one, numbers))
