/* When something is done. */

/* The key / leads to the search, unless somebody is typing. */
document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "/" && $("#q") && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        $("#q").focus();
        $("#q").select();
    }
});

/* A browser may keep the page as it is for who goes back to it. Who that is, is to be asked anew. */
window.addEventListener("pagehide", (event) => {
    document.documentElement.hidden = event.persisted;
});
window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
        location.reload();
    }
});

localizeTimes(document);
if (document.querySelector("section.far")) {
    tendSections();
}
if (list) {
    watchPlaces();
} else if ($("#about")) {
    lookAtPlaces(true);
} else if ($("main > .outcome")) {
    followHere();
}
