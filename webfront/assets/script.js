/* Makes the forms smoother: the outcome appears in the row where one clicked, and the states are read again. The
 * markup of outcomes and rows is always the server's; without this file everything works as well.
 *
 * Nothing that comes late moves a button. An outcome fills a line that was kept for it, states change in their place,
 * and rows or warnings that a refresh would add or take away are offered in a line of their own until somebody asks
 * for them. Where something moved after all, a press within half a second does nothing. */
"use strict";

const TIMEOUT_MS = 1000 * document.body.dataset.patience; /* above what the server allows itself */
const REST_MS = 500; /* a button that moved has to lie still for so long before it works */
const SAYINGS_MAX = 4; /* kept in the live region: enough to be heard, not enough to be in the way */

const $ = (selector) => document.querySelector(selector);
const list = $("#instances");
const dialog = $("#details");

/* --- the server --- */

/* The page at the address as a document of its own; its scripts do not run. */
async function fetchPage(url, options) {
    const response = await fetch(url, {
        cache: "no-store",
        redirect: "error",
        headers: { Accept: "text/html" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...options,
    });
    const text = await response.text();
    return { ok: response.ok, page: new DOMParser().parseFromString(text, "text/html") };
}

function lostOutcome() {
    return $("#lost").content.querySelector(".outcome").cloneNode(true);
}

async function ask(fields) {
    try {
        const { page } = await fetchPage("/restart", { method: "POST", body: new URLSearchParams(fields) });
        const outcome = page.querySelector(".outcome");
        return outcome ? document.importNode(outcome, true) : lostOutcome();
    } catch {
        return lostOutcome();
    }
}

/* A random word, so that whatever is sent twice is done once. */
function newPress() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

/* --- words --- */

/* Adds to the one live region, so that what was said just before is still heard. */
function say(text) {
    const saying = document.createElement("p");
    saying.textContent = text;
    $("#live").append(saying);
    while ($("#live").childElementCount > SAYINGS_MAX) {
        $("#live").firstElementChild.remove();
    }
}

/* Times in the reader's own zone. */
function localizeTimes() {
    for (const time of document.querySelectorAll("time")) {
        time.textContent = new Date(time.dateTime).toLocaleTimeString();
    }
}

/* --- buttons that lie still --- */

const places = new WeakMap();

/* Notes where each button is on the page, and when it was seen to have moved. Scrolling moves none of them. */
function lookAtPlaces(first) {
    const now = performance.now();
    for (const button of document.querySelectorAll("#presses button[value], .other button")) {
        const { left, top, width, height } = button.getBoundingClientRect();
        const box = [left + scrollX, top + scrollY, width, height].map(Math.round).join(" ");
        const place = places.get(button);
        if (!place || place.box !== box) {
            places.set(button, { box, moved: first === true ? -Infinity : now });
        }
    }
}

function movedJustNow(button) {
    lookAtPlaces();
    return performance.now() - places.get(button).moved < REST_MS;
}

/* Fonts that come late, a window of another size: whatever moves a button changes the size of one of these. */
function watchPlaces() {
    const observer = new ResizeObserver(() => lookAtPlaces());
    lookAtPlaces(true);
    for (const part of [document.body, ...document.querySelector("main").children, ...list.children]) {
        observer.observe(part);
    }
}

/* --- one press --- */

const outcomes = new WeakMap(); /* of rows: all that is known of the last one */

/* The line of a row that is kept for this. */
function showInRow(row, kind, words) {
    const said = row.querySelector(".said");
    if (!said.firstChild) {
        said.append(document.createElement("span"), document.createElement("button"));
        said.lastChild.type = "button";
        said.lastChild.textContent = "Details";
        said.lastChild.setAttribute("aria-label", "Details on " + row.dataset.unit);
        said.lastChild.addEventListener("click", () => openDetails(row));
    }
    said.dataset.outcome = kind;
    said.firstChild.textContent = words;
    said.lastChild.hidden = !outcomes.has(row);
}

function openDetails(row) {
    dialog.querySelector(".unit").textContent = row.dataset.unit;
    dialog.querySelector("div").replaceChildren(outcomes.get(row));
    dialog.showModal();
}

/* Below the field for other names is nothing that could be moved, so there is room for all of it. It never gets
 * smaller, since a page that does may be scrolled by that. */
function showBelow(section, outcome) {
    const told = section.querySelector(".told");
    told.style.minHeight = told.offsetHeight + "px";
    told.replaceChildren(outcome);
}

function showOutcome(place, outcome) {
    const verdict = outcome.querySelector(".verdict").textContent;
    if (place.dataset.unit) {
        outcomes.set(place, outcome);
        showInRow(place, outcome.dataset.outcome, verdict);
    } else {
        showBelow(place, outcome);
    }
    say(verdict + ". " + outcome.querySelector(".message").textContent);
}

/* Lays a clock over the button, which keeps its size and its name, until the returned function is called. A disabled
 * button would lose the focus. */
function showBusy(button) {
    const clock = document.createElement("span");
    const began = Date.now();
    const ticking = setInterval(() => {
        clock.textContent = Math.round((Date.now() - began) / 1000) + " s";
    }, 1000);
    clock.className = "clock";
    clock.setAttribute("aria-hidden", "true");
    button.setAttribute("aria-disabled", "true");
    button.append(clock);
    return () => {
        clearInterval(ticking);
        button.removeAttribute("aria-disabled");
        clock.remove();
    };
}

function refusePress(place) {
    const words = "The page moved just then: press again";
    if (place.dataset.unit) {
        showInRow(place, "moved", words);
    }
    say("Nothing was pressed. " + words + ".");
}

/* What was done is told at once, and then, under the same press, what became of it. */
async function press(button, place, id, verb) {
    const fields = { service_id: id, verb, press: newPress() };
    const doing = verb === "reload" ? "Reloading" : "Restarting";
    const done = showBusy(button);
    if (place.dataset.unit) {
        outcomes.delete(place);
        showInRow(place, "busy", doing + "\u2026");
    }
    say(doing + " " + id + ".");
    let outcome = await ask({ ...fields, settle: 0 });
    if (outcome.dataset.outcome === "watching") {
        showOutcome(place, outcome);
        outcome = await ask(fields);
        outcome.querySelector(".again")?.remove();
    }
    showOutcome(place, outcome);
    done();
    await refresh(false);
}

document.addEventListener("submit", (event) => {
    const button = event.submitter;
    const place = button.closest("li, section");
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) {
        return;
    }
    if (movedJustNow(button)) {
        refusePress(place);
        return;
    }
    const { service_id: field, verb } = event.target.elements;
    press(button, place, button.value || field.value.trim(), verb ? verb.value : "restart");
});

dialog.addEventListener("click", (event) => {
    /* Its button, or the backdrop, which counts as the dialog itself. */
    if (event.target === dialog || event.target.closest("button")) {
        dialog.close();
    }
});

/* --- the list --- */

let offered = null; /* the page read last, when it has what would move something */

function rowsOf(page) {
    return new Map(Array.from(page.querySelectorAll("#instances > li"), (row) => [row.dataset.unit, row]));
}

function isNeeded(row) {
    return outcomes.has(row) || row.querySelector("[aria-disabled]");
}

/* What changes in its place. */
function adoptStates(page) {
    const fresh = rowsOf(page);
    for (const [unit, row] of rowsOf(document)) {
        const theirs = fresh.get(unit);
        const state = theirs ? theirs.querySelector(".state") : $("#gone").content.firstElementChild;
        row.querySelector(".state").replaceWith(document.importNode(state, true));
        if (theirs) {
            row.querySelector(".about").replaceWith(document.importNode(theirs.querySelector(".about"), true));
        }
    }
    $("time").dateTime = page.querySelector("time").dateTime;
    localizeTimes();
}

/* How much of it would move something. */
function countChanges(page) {
    const fresh = rowsOf(page);
    const mine = rowsOf(document);
    return Array.from(fresh.keys()).filter((unit) => !mine.has(unit)).length +
        Array.from(mine.values()).filter((row) => !fresh.has(row.dataset.unit) && !isNeeded(row)).length;
}

function hasOtherBanners(page) {
    return page.querySelector("#banners").textContent !== $("#banners").textContent;
}

/* From the last row to the first, so that a new one knows before which it belongs. Rows are kept, with their focus
 * and what is said in them. */
function adoptRows(page) {
    const known = rowsOf(document);
    let next = null;
    for (const row of Array.from(page.querySelectorAll("#instances > li")).reverse()) {
        const mine = known.get(row.dataset.unit) || list.insertBefore(document.importNode(row, true), next);
        known.delete(row.dataset.unit);
        next = mine;
    }
    for (const row of known.values()) {
        if (!isNeeded(row)) {
            row.remove();
        }
    }
}

function adoptOffered() {
    for (const selector of ["#banners", "#empty"]) {
        $(selector).replaceChildren(...document.importNode(offered.page.querySelector(selector), true).childNodes);
    }
    if (offered.ok) {
        adoptRows(offered.page);
    }
    offered = null;
    showNews("", false);
    lookAtPlaces();
}

/* Somebody is about to press something, as far as one can see. */
function isAimedAt() {
    return Array.from(document.querySelectorAll("#presses, .other")).some(
        (part) => part.matches(":hover") || part.contains(document.activeElement));
}

function showNews(words, bad) {
    $("#news").textContent = words;
    $("#news").classList.toggle("bad", bad);
}

function offer(ok, page) {
    const count = ok ? countChanges(page) : 0;
    const banner = hasOtherBanners(page) ? page.querySelector("#banners strong") : null;
    offered = count > 0 || hasOtherBanners(page) ? { ok, page } : null;
    if (banner) {
        showNews(banner.textContent, true);
    } else if (offered) {
        showNews(count > 1 ? count + " changes: refresh to see them." : "1 change: refresh to see it.", false);
    } else {
        showNews("", false);
    }
}

/* Reads the states again. Who asked for it gets all of it: at once what was offered before, and what comes now unless
 * the pointer or the focus has gone to a button meanwhile. */
async function refresh(asked) {
    if (asked && offered) {
        adoptOffered();
    }
    try {
        const { ok, page } = await fetchPage("/");
        if (ok) {
            adoptStates(page);
        }
        offer(ok, page);
        if (asked && offered && !isAimedAt()) {
            adoptOffered();
        }
    } catch {
        showNews("No answer: this may be out of date.", true);
    }
    if (asked) {
        say("State as of " + $("time").textContent + ". " + $("#news").textContent);
    }
}

document.addEventListener("click", (event) => {
    if (event.target.id === "refresh") {
        event.preventDefault();
        refresh(true);
    }
});

/* Who comes back to a page left open sees how things are now. */
document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
        refresh(false);
    }
});

localizeTimes();
watchPlaces();
