// The five requests of one publish by Node's built-in fetch, so many publishes at once from a queue in memory.
//
// Usage: node fetch_publish.mjs URL POSTS PARALLEL, with the sandbox's plain HTTP address or, with
// NODE_EXTRA_CA_CERTS, its TLS one.
// Prints {perSecond, p50, p95, p99}, the latter in milliseconds. Nothing is stored: a kill loses what is queued.
const [base, posts, parallel] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const root = `${base}/us19.api.mailchimp.com/3.0`;
const authorization = `Basic ${Buffer.from('anystring:sandbox-us19').toString('base64')}`;

async function call(method, path, body) {
  const answer = await fetch(root + path, {
    method, headers: {authorization, 'content-type': 'application/json'}, body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

async function publish(number) {
  const settings = {
    subject_line: `Fetch post ${number}`, title: `Fetch post ${number}`, from_name: 'Bench',
    reply_to: 'bench@example.com',
  };
  const campaign = await call('POST', '/campaigns',
    {type: 'regular', recipients: {list_id: 'a1b2c3d4e5'}, settings});
  await call('PUT', `/campaigns/${campaign.id}/content`, {html: '<p>Bench *|UNSUB|*</p>'});
  const checklist = await call('GET', `/campaigns/${campaign.id}/send-checklist`);
  if (!checklist.is_ready) throw new Error('the campaign is not ready');
  await call('POST', `/campaigns/${campaign.id}/actions/send`);
  await call('GET', `/campaigns/${campaign.id}`);
}

async function run(first, count) {
  const queue = Array.from({length: count}, (_, index) => first + index);
  const took = [];
  await Promise.all(Array.from({length: parallel}, async () => {
    while (queue.length) {
      const number = queue.shift();
      const began = performance.now();
      await publish(number);
      took.push(performance.now() - began);
    }
  }));
  return took.sort((a, b) => a - b);
}

await run(0, parallel * 4);
const began = performance.now();
const took = await run(1_000_000, posts);
const perSecond = posts / (performance.now() - began) * 1000;
const rank = share => took[Math.max(0, Math.ceil(share * took.length) - 1)];
console.log(JSON.stringify({perSecond, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99)}));
