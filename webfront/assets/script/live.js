/* Hearing of changes while the page is open. The server tells of them as they happen, at /events; where that cannot be had,
 * the page is read again every few seconds. While neither works it is said since when, and no button does anything: what it
 * stands beside may have changed. */

const GRACE_MS = 2000; /* a stream that breaks and is back within that, as at an upgrade, is no outage */
const POLL_MS = 5000;
const POLLS_MAX = 12; /* until the stream is tried again */
const GREYED = "button[name=service_id]:not([aria-disabled]), .other button:not([aria-disabled])";

let source = null;
let known = null; /* the list as it was told last: anything that has the page's elements in it, see list.js */
let waking = null; /* for the next poll, or the next try */
let losing = null;
let lostSince = null;
let tag = null; /* of the page that was polled last */

/* --- what is said of it --- */

function showLink(text, bad) {
    $("#link").textContent = text;
    $("#link").classList.toggle("bad", bad);
}

function lostReason() {
    return fill(words.lost_reason, { time: formatTime(lostSince) });
}

/* While nothing is known; also of a button that comes only then, or was busy until then, which has its own reason. */
function greyIfLost() {
    for (const button of lostSince ? document.querySelectorAll(GREYED) : []) {
        button.setAttribute("aria-disabled", "true");
        button.title = lostReason();
        button.dataset.lost = "";
    }
}

function lose(since) {
    clearTimeout(losing);
    if (lostSince) {
        return;
    }
    lostSince = since;
    showLink(fill(words.lost_since, { time: formatTime(since) }), true);
    disarm();
    greyIfLost();
    say(lostReason());
}

function regain(text) {
    clearTimeout(losing);
    losing = null;
    if (lostSince) {
        say(words.live_again);
    }
    lostSince = null;
    for (const button of document.querySelectorAll("button[data-lost]")) {
        button.removeAttribute("aria-disabled");
        button.removeAttribute("title");
        delete button.dataset.lost;
    }
    showLink(text, false);
}

document.addEventListener("submit", (event) => {
    if (lostSince && event.target.getAttribute("action") === "/restart") {
        event.preventDefault();
        event.stopImmediatePropagation();
        showNews(lostReason(), true);
        say(words.nothing_pressed + " " + lostReason());
    }
}, true);

/* --- what is told --- */

function parse(html) {
    return new DOMParser().parseFromString(html, "text/html");
}

/* The list as it was, and what of it has changed: what stands around the rows, rows, and their order. */
function patch(part) {
    for (const theirs of part.querySelectorAll("[id]:not(li *)")) {
        known.getElementById(theirs.id)?.replaceWith(known.importNode(theirs, true));
    }
    const rows = known.querySelector("[data-rows], #instances");
    for (const [unit, row] of rowsOf(part)) {
        const mine = rowsOf(known).get(unit);
        mine ? mine.replaceWith(known.importNode(row, true)) : rows.append(known.importNode(row, true));
    }
    const order = part.querySelector("[data-order]");
    if (order) {
        const units = rowsOf(known);
        rows.replaceChildren(...Array.from(order.children, (item) => units.get(item.textContent)).filter(Boolean));
    }
}

function show() {
    adoptStates(known, true);
    showTime(new Date().toISOString());
    offer(true, known);
    if (offered && !isAimedAt()) {
        adoptOffered();
    }
}

/* --- the stream --- */

function letGo() {
    source?.close();
    source = null;
    clearTimeout(waking);
    clearTimeout(losing);
    losing = null;
}

/* Another page of ours may have had the login renewed meanwhile: the one that the stream had is not the last word. */
function onEnded() {
    letGo();
    waking = setTimeout(listen, POLL_MS);
    refresh(false);
}

function onBroken() {
    const since = new Date();
    if (source.readyState === EventSource.CLOSED) {
        letGo();
        poll(1);
    } else {
        losing ||= setTimeout(() => lose(since), GRACE_MS);
    }
}

/* It is heard again. One that comes back and has missed nothing is told nothing, be the server's broker there or not: after an
 * outage all of it is asked for. */
function onOpenedAgain() {
    lostSince ? listen() : regain(words.live);
}

function listen() {
    letGo();
    if (!window.EventSource) {
        poll(1);
        return;
    }
    source = new EventSource(location.pathname.replace(/\/$/, "") + "/events" + location.search);
    source.addEventListener("open", () => source.addEventListener("open", onOpenedAgain), { once: true });
    source.addEventListener("whole", (event) => {
        known = parse(event.data);
        regain(words.live);
        show();
    });
    source.addEventListener("rows", (event) => {
        patch(parse(event.data));
        show();
    });
    source.addEventListener("machine", (event) => takeSection(parse(event.data).querySelector("section")));
    source.addEventListener("lost", (event) => lose(new Date(1000 * event.data)));
    source.addEventListener("ended", onEnded);
    source.addEventListener("error", onBroken);
}

/* --- without one --- */

async function poll(n) {
    try {
        const { ok, page, ended, same, etag } = await fetchPage(HERE, {
            headers: { Accept: "text/html", "Restarter-Unattended": "yes", ...(tag && { "If-None-Match": tag }) },
        });
        if (ended) {
            showEnd();
            return;
        }
        tag = etag;
        if (ok && !same) {
            known = page;
            show();
        }
        ok ? regain(words.every_few_seconds) : lose(new Date());
    } catch {
        lose(new Date());
    }
    if (!document.hidden && !source) {
        clearTimeout(waking);
        waking = setTimeout(() => (n < POLLS_MAX ? poll(n + 1) : listen()), POLL_MS);
    }
}

/* A page that nobody sees needs neither, and catches up when it is seen. */
if (list) {
    document.addEventListener("visibilitychange", () => (document.hidden ? letGo() : listen()));
    window.addEventListener("pagehide", letGo);
    if (!document.hidden) {
        listen();
    }
}
