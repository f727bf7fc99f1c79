"use strict";
/* Maps of routes: closer and further by buttons, two fingers or wheel with Ctrl; marks keep their size. */

(() => {
  const NEAREST = 20;
  const kept = new Map();
  const ready = new WeakSet();

  const show = (drawing) => {
    const { svg, width, height, pins, view } = drawing;
    view.zoom = Math.min(NEAREST, Math.max(1, view.zoom));
    const across = width / view.zoom, down = height / view.zoom;
    view.x = Math.min(width - across, Math.max(0, view.x));
    view.y = Math.min(height - down, Math.max(0, view.y));
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${across} ${down}`);
    for (const pin of pins) pin.setAttribute("transform", `scale(${1 / view.zoom})`);
    svg.parentElement.classList.toggle("near", view.zoom > 1.01);
  };

  /* Zoom so that the point at these shares of the window stays where it is. */
  const zoom = (drawing, factor, left = 0.5, top = 0.5) => {
    const { view, width, height } = drawing;
    const before = view.zoom;
    view.zoom = Math.min(NEAREST, Math.max(1, before * factor));
    view.x += left * (width / before - width / view.zoom);
    view.y += top * (height / before - height / view.zoom);
    show(drawing);
  };

  const pan = (drawing, across, down) => {
    const box = drawing.svg.getBoundingClientRect();
    drawing.view.x -= (across / box.width) * (drawing.width / drawing.view.zoom);
    drawing.view.y -= (down / box.height) * (drawing.height / drawing.view.zoom);
    show(drawing);
  };

  const share = (svg, x, y) => {
    const box = svg.getBoundingClientRect();
    return [(x - box.left) / box.width, (y - box.top) / box.height];
  };

  const listen = (frame, current) => {
    const fingers = new Map();
    frame.addEventListener("pointerdown", (event) => {
      if (event.target.closest("button")) return;
      fingers.set(event.pointerId, event);
      if (current().view.zoom > 1 || fingers.size > 1) frame.setPointerCapture(event.pointerId);
    });
    frame.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
      if (other) {
        const was = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
        const is = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
        const middle = share(current().svg, (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
        if (was > 8) zoom(current(), is / was, ...middle);
      } else if (current().view.zoom > 1) {
        pan(current(), event.clientX - before.clientX, event.clientY - before.clientY);
      }
      fingers.set(event.pointerId, event);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
    }
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(current(), Math.exp(-event.deltaY / 200), ...share(current().svg, event.clientX, event.clientY));
    }, { passive: false });
  };

  const begin = (figure) => {
    if (ready.has(figure)) return;
    ready.add(figure);
    const frame = figure.querySelector(".map-frame");
    const drawings = [...frame.querySelectorAll(":scope > svg")].map((svg, number) => {
      const { width, height } = svg.viewBox.baseVal;
      const name = `${figure.dataset.map}/${number}`;
      const view = kept.get(name) ?? { x: 0, y: 0, zoom: 1 };
      kept.set(name, view);
      return { svg, width, height, view, pins: svg.querySelectorAll(".pin") };
    });
    const current = () => drawings.find(({ svg }) => svg.getClientRects().length) ?? drawings[0];
    drawings.forEach(show);
    listen(frame, current);
    const tools = figure.querySelector(".map-tools");
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const factor = event.target.closest("button")?.dataset.zoom;
      if (factor) zoom(current(), Number(factor));
    });
  };

  window.startMaps = (within) => within.querySelectorAll("[data-map]").forEach(begin);
  document.addEventListener("htmx:afterSwap", () => startMaps(document));
  startMaps(document);
})();
