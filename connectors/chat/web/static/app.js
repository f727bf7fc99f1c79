"use strict";
/* What every page does: carry the form token, say when the line is down, keep live parts fresh. */

const formToken = () => document.querySelector('meta[name="form-token"]').content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-Form-Token"] = formToken();
});

const sayConnection = () => {
  document.getElementById("offline").hidden = navigator.onLine;
};
addEventListener("online", sayConnection);
addEventListener("offline", sayConnection);
sayConnection();

/* Menus close on Escape and on a press elsewhere. */
for (const menu of document.querySelectorAll(".who, .more")) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

/* Pages that show the books listen for changes to them. */
const live = document.querySelector("[data-live]");
if (live && "EventSource" in window) {
  const events = new EventSource("/events");
  events.addEventListener("books", () => htmx.trigger(live, "books"));
  addEventListener("pagehide", () => events.close());
}

/* Long work says so; what cannot be taken back lightly asks first. */
document.addEventListener("submit", (event) => {
  const sure = event.submitter?.dataset.sure;
  if (sure && !confirm(sure)) {
    event.preventDefault();
    return;
  }
  const words = event.target.dataset?.busy;
  if (!words) return;
  const note = event.target.querySelector(".busy");
  if (note) {
    note.textContent = words;
    note.hidden = false;
  }
  event.submitter?.classList.add("working");
});
