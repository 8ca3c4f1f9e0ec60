// Keeps the pages of a room in the field and their parts on the phone: pages from the network first, parts from the phone first.
const NAME = "{{ kept|escapejs }}";
const FAMILY = NAME.replace(/[0-9]+$/, "");
const PARTS = [{% for address in addresses %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((kept) => Promise.allSettled(PARTS.map((one) => kept.add(one)))).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith(FAMILY) && name !== NAME).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

// Read to its end before it is kept: an answer that breaks off must not take the place of one that is whole.
const whole = async (answer) => new Response(await answer.arrayBuffer(), { status: answer.status, statusText: answer.statusText, headers: answer.headers });
const fromNetwork = async (request) => {
  const kept = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await kept.put(request.url, await whole(answer.clone()));
    return answer;
  } catch (failure) {
    const old = await kept.match(request.url, { ignoreVary: true });
    if (old) return old;
    throw failure;
  }
};
const fromPhone = async (request) => {
  const kept = await caches.open(NAME);
  const old = await kept.match(request, { ignoreVary: true });
  const fresh = fetch(request).then((answer) => {
    if (answer.ok) whole(answer.clone()).then((read) => kept.put(request, read)).catch(() => {});
    return answer;
  });
  if (!old) return fresh;
  fresh.catch(() => {});
  return old;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate" || request.headers.get("X-Khcn-Keep")) event.respondWith(fromNetwork(request));
  else if (["style", "script", "font", "image"].includes(request.destination)) event.respondWith(fromPhone(request));
});
