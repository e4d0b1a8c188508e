/* What is said, and to whom who does not see the page. */

const SAYINGS_MAX = 4; /* kept in the live region: enough to be heard, not enough to be in the way */

/* One of the words, with its {holes} filled. */
function fill(text, holes) {
    return text.replace(/\{([a-z_]+)\}/g, (hole, name) => holes[name]);
}

/* Adds to the one live region, so that what was said just before is still heard; `more` is an element, whose words may
 * be of another language. */
function say(text, more) {
    const saying = document.createElement("p");
    saying.textContent = text;
    if (more) {
        const part = document.createElement("span");
        part.lang = more.lang;
        part.textContent = more.textContent;
        saying.append(" ", part);
    }
    $("#live").append(saying);
    while ($("#live").childElementCount > SAYINGS_MAX) {
        $("#live").firstElementChild.remove();
    }
}

/* As the reader writes times, if that is in the page's language. */
const LOCALE = navigator.languages.find((tag) => tag.split("-")[0] === document.documentElement.lang) || document.documentElement.lang;

/* Of today, the clock; of earlier, the day as well. */
function formatTime(date, seconds) {
    const clock = { hour: "numeric", minute: "2-digit", ...(seconds && { second: "2-digit" }) };
    const day = { day: "numeric", month: "short" };
    const today = date.toDateString() === new Date().toDateString();
    return date.toLocaleString(LOCALE, today ? clock : { ...day, ...clock });
}

/* Times in the reader's own zone. */
function localizeTimes(part) {
    for (const time of part.querySelectorAll("time")) {
        time.textContent = formatTime(new Date(time.dateTime), "seconds" in time.dataset);
    }
}
