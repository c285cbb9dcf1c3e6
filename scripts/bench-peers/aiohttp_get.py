#!/usr/bin/env python3
"""GETs by aiohttp, so many at once, for so long.

Usage: aiohttp_get.py URL IN_FLIGHT SECONDS [AUTHORITY]
Prints {"perSecond", "cpuMicrosecondsEach", "failed"}.
"""
import asyncio
import json
import ssl
import sys
import time

import aiohttp

HEADERS = {"accept": "application/json", "authorization": "Bearer bench-secret-0123456789abcdef"}


async def main(url, in_flight, seconds, authority=None):
    context = ssl.create_default_context(cafile=authority) if authority else None
    counts = {"done": 0, "failed": 0}
    over = False
    connector = aiohttp.TCPConnector(limit=in_flight, ssl=context) if context else aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector, headers=HEADERS) as session:

        async def caller():
            while not over:
                try:
                    async with session.get(url) as answer:
                        await answer.read()
                        counts["failed"] += answer.status != 200
                except aiohttp.ClientError:
                    counts["failed"] += 1
                counts["done"] += 1

        callers = [asyncio.create_task(caller()) for _ in range(in_flight)]
        await asyncio.sleep(0.5)
        began, cpu, before = time.monotonic(), time.process_time(), dict(counts)
        await asyncio.sleep(seconds)
        took, cpu, done = time.monotonic() - began, time.process_time() - cpu, counts["done"] - before["done"]
        over = True
        await asyncio.gather(*callers)
    print(json.dumps({"perSecond": done / took, "cpuMicrosecondsEach": cpu * 1e6 / max(1, done),
                      "failed": counts["failed"] - before["failed"]}))


asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), *sys.argv[4:5]))
