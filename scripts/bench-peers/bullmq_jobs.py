#!/usr/bin/env python3
"""Jobs a second of BullMQ's Python package on Redis: jobs that do nothing, from enqueue to completed.

Usage: bullmq_jobs.py PORT JOBS CONCURRENCY CALLERS
Prints one number. The queue's data is dropped at the end.
"""
import asyncio
import sys
import time

from bullmq import Queue, Worker


async def main(port, jobs, concurrency, callers):
    redis = {"host": "127.0.0.1", "port": port}
    queue = Queue("patchbay-bench", {"connection": redis})
    finished = asyncio.get_running_loop().create_future()
    left = jobs

    async def process(job, token):
        return {}

    def completed(*_):
        nonlocal left
        left -= 1
        if left == 0:
            finished.set_result(None)

    worker = Worker("patchbay-bench", process, {"connection": redis, "concurrency": concurrency})
    worker.on("completed", completed)
    began = time.monotonic()

    async def enqueue(caller):
        for number in range(caller, jobs, callers):
            await queue.add("noop", {}, {"jobId": f"bench-{number}"})

    await asyncio.gather(*(enqueue(caller) for caller in range(callers)))
    await finished
    took = time.monotonic() - began
    await worker.close()
    await queue.obliterate(True)
    await queue.close()
    print(round(jobs / took))


asyncio.run(main(*map(int, sys.argv[1:5])))
