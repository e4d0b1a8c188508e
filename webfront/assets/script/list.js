/* The list, and how it changes while it is open. What is in its place changes there; what would move something, rows that come
 * or go or stand in another order, and warnings, is adopted at once only while nobody is about to press anything, and is
 * otherwise offered in a line of its own until somebody asks for it.
 *
 * A page, or a part of one, is anything with elements of the same ids in it. */

const HERE = location.pathname + location.search;

const LOOK_MS = 500;
const QUIET_LOOKS = 6; /* so often in a row nobody aims at anything: three seconds */

let waitingForQuiet = null;
let offered = null; /* the page read last, when it has what would move something */

/* This machine's, or in the section of another one those. */
function rowsOf(page) {
    const rows = page.querySelectorAll("#instances > li, [data-rows] > li, :scope > .presses > .instances > li");
    return new Map(Array.from(rows, (row) => [row.dataset.unit, row]));
}

/* It has something to say. */
function isNeeded(row) {
    return outcomes.has(row) || row.querySelector("[aria-disabled]");
}

/* Below the card of the one unit that there is stands what was done to it. No event tells that: the page is asked for it
 * when there is something new. */
let pastIsOld = false;

function adoptPast(page) {
    const past = page.querySelector("#past");
    if (past && $("#past")) {
        $("#past").replaceWith(document.importNode(past, true));
        localizeTimes($("#past"));
        pastIsOld = false;
    }
}

async function refreshPast() {
    pastIsOld = false;
    try {
        adoptPast((await fetchPage(HERE)).page);
    } catch {
        pastIsOld = true;
    }
}

/* What changes in its place. */
function adoptRow(row, theirs) {
    pastIsOld ||= row.querySelector(".last time")?.dateTime !== theirs.querySelector(".last time")?.dateTime;
    for (const selector of [".state", ".about", ".last"]) {
        const part = document.importNode(theirs.querySelector(selector), true);
        localizeTimes(part);
        row.querySelector(selector).replaceWith(part);
    }
    row.dataset.group = theirs.dataset.group;
    row.dataset.usual = theirs.dataset.usual || "";
}

function showGone(row) {
    const state = row.querySelector(".state");
    const gone = document.importNode($("#gone").content.firstElementChild, true);
    gone.id = state.id;
    state.replaceWith(gone);
}

/* How all of them are, on the page and in the tab. */
function adoptCounts(page) {
    const counts = page.querySelector("#counts");
    if (counts && counts.innerHTML !== $("#counts").innerHTML && !$("#counts").contains(document.activeElement)) {
        $("#counts").replaceChildren(...document.importNode(counts, true).childNodes);
    }
    if (counts) {
        document.title = document.title.replace($("#counts").dataset.title, () => counts.dataset.title);
        $("#counts").dataset.title = counts.dataset.title;
        $("link[rel=icon]").href = counts.dataset.icon;
    }
}

/* `whole`: a row that is not in it is gone. */
function adoptStates(page, whole) {
    const fresh = rowsOf(page);
    for (const [unit, row] of rowsOf(document)) {
        if (fresh.has(unit)) {
            adoptRow(row, fresh.get(unit));
        } else if (whole) {
            showGone(row);
        }
    }
    adoptCounts(page);
    adoptPast(page);
    if (pastIsOld && $("#past")) {
        refreshPast();
    }
}

function showTime(date) {
    $("#as-of time").dateTime = date;
    localizeTimes($("#as-of"));
}

/* How much of it would move something: rows that come or go, or else that they stand in another order. */
function countChanges(page) {
    const fresh = Array.from(rowsOf(page).keys());
    const mine = rowsOf(document);
    const gone = Array.from(mine.values()).filter((row) => !fresh.includes(row.dataset.unit) && !isNeeded(row));
    const come = fresh.filter((unit) => !mine.has(unit));
    const stay = Array.from(mine.keys()).filter((unit) => fresh.includes(unit));
    const moved = fresh.filter((unit) => mine.has(unit)).some((unit, i) => unit !== stay[i]);
    return gone.length + come.length || Number(moved);
}

function hasOtherBanners(page) {
    return page.querySelector("#banners").textContent !== $("#banners").textContent;
}

function nextListed(row, fresh) {
    let next = row.nextElementSibling;
    while (next && !fresh.has(next.dataset.unit)) {
        next = next.nextElementSibling;
    }
    return next;
}

/* From the last row to the first, so that a new one knows before which it belongs. Rows are kept, with their focus
 * and what is said in them; one that is needed and not listed any more stays where it is. */
function adoptRows(page) {
    const known = rowsOf(document);
    const fresh = rowsOf(page);
    let next = null;
    for (const row of Array.from(fresh.values()).reverse()) {
        const mine = known.get(row.dataset.unit) || document.importNode(row, true);
        localizeTimes(mine);
        if (!mine.isConnected || nextListed(mine, fresh) !== next) {
            list.insertBefore(mine, next);
        }
        known.delete(row.dataset.unit);
        next = mine;
    }
    for (const row of known.values()) {
        if (!isNeeded(row) && !row.contains(armed?.button)) {
            row.remove();
        }
    }
}

function adoptOffered() {
    for (const selector of ["#banners", "#empty", "#pages"]) {
        $(selector).replaceChildren(...document.importNode(offered.page.querySelector(selector), true).childNodes);
    }
    if (offered.ok) {
        adoptRows(offered.page);
    }
    offered = null;
    showNews("", false);
    lookAtPlaces();
    greyIfLost();
}

/* Somebody is about to press something, as far as one can see. */
function isAimedAt() {
    return armed || Array.from(document.querySelectorAll("#presses, .presses, .other")).some(
        (part) => part.matches(":hover") || part.contains(document.activeElement));
}

/* What was offered comes by itself, once nobody has aimed at anything for a while. */
function waitForQuiet(looks) {
    clearTimeout(waitingForQuiet);
    if (!offered) {
        return;
    }
    if (looks === 0) {
        adoptOffered();
        return;
    }
    waitingForQuiet = setTimeout(() => waitForQuiet(isAimedAt() ? QUIET_LOOKS : looks - 1), LOOK_MS);
}

function showNews(text, bad) {
    $("#news").textContent = text;
    $("#news").classList.toggle("bad", bad);
}

function offer(ok, page) {
    const count = ok ? countChanges(page) : 0;
    const banner = hasOtherBanners(page) ? page.querySelector("#banners strong") : null;
    offered = count > 0 || hasOtherBanners(page) ? { ok, page } : null;
    if (banner) {
        showNews(banner.textContent, true);
    } else if (offered) {
        showNews(count > 1 ? fill(words.changes_many, { number: count }) : words.changes_one, false);
    } else {
        showNews("", false);
    }
    waitForQuiet(QUIET_LOOKS);
}

/* What is shown is out of date from now on, and who may see what is not known. */
function showEnd() {
    const link = document.createElement("a");
    link.href = "/login";
    link.textContent = words.log_in;
    showNews(words.your_login_ended + " ", true);
    $("#news").append(link);
}

/* A whole page. `asked`: somebody wants all of it; otherwise nothing moves. */
function take(ok, page, asked) {
    if (ok) {
        adoptStates(page, true);
        showTime(page.querySelector("#as-of time").dateTime);
    }
    offer(ok, page);
    if (asked && offered && !isAimedAt()) {
        adoptOffered();
    }
}

/* Reads the states again. Who asked for it gets all of it: at once what was offered before, and what comes now unless
 * the pointer or the focus has gone to a button meanwhile. */
async function refresh(asked) {
    if (asked && offered) {
        adoptOffered();
    }
    try {
        const { ok, page, ended } = await fetchPage(HERE);
        if (ended) {
            showEnd();
        } else {
            take(ok, page, asked);
        }
    } catch {
        showNews(words.no_answer, true);
    }
    if (asked) {
        say(words.state_as_of + " " + $("#as-of time").textContent + ". " + $("#news").textContent);
    }
}

document.addEventListener("click", (event) => {
    if (event.target.id === "refresh") {
        event.preventDefault();
        refresh(true);
    }
});
