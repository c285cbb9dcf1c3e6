// GETs by Node's built-in fetch, so many at once, for so long.
//
// Usage: node fetch_get.mjs URL IN_FLIGHT SECONDS; NODE_EXTRA_CA_CERTS names the authority.
// Prints {perSecond, cpuMicrosecondsEach, failed}.
const [url, inFlight, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const headers = {accept: 'application/json', authorization: 'Bearer bench-secret-0123456789abcdef'};
let done = 0, failed = 0, isOver = false;

async function caller() {
  while (!isOver) {
    try {
      const answer = await fetch(url, {headers});
      await answer.arrayBuffer();
      if (answer.status !== 200) failed += 1;
    } catch {
      failed += 1;
    }
    done += 1;
  }
}

const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
const callers = Array.from({length: inFlight}, caller);
await wait(500);
const [began, before, failedBefore, cpuBefore] = [performance.now(), done, failed, process.cpuUsage()];
await wait(seconds * 1000);
const cpu = process.cpuUsage(cpuBefore), count = done - before;
const took = (performance.now() - began) / 1000;
isOver = true;
await Promise.all(callers);
console.log(JSON.stringify({
  perSecond: count / took, cpuMicrosecondsEach: (cpu.user + cpu.system) / Math.max(1, count),
  failed: failed - failedBefore,
}));
