/* Buttons that lie still. Nothing that comes late moves one; where something moved after all, a press within half a second
 * does nothing. */

const REST_MS = 500; /* a button that moved has to lie still for so long before it works */
const list = $("#instances");

const places = new WeakMap();

/* Notes where each button is on the page, and when it was seen to have moved. Scrolling moves none of them. */
function lookAtPlaces(first) {
    const now = performance.now();
    for (const button of document.querySelectorAll("#presses button[value], .presses button[value], .other button")) {
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
