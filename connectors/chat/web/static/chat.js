"use strict";
/* The chat: what is typed appears at once, then the answer; what fails can be sent again under the same id. */

(() => {
  const log = document.getElementById("log");
  const latest = document.getElementById("latest");
  const composer = document.getElementById("composer");
  const words = composer.elements.text;
  const chips = document.getElementById("suggestions");
  const turnPattern = document.getElementById("turn-pattern");
  const failedPattern = document.getElementById("failed-pattern");
  const said = [];
  let recalled = 0;

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const toEnd = () => { log.scrollTop = log.scrollHeight; };
  /* A long answer is read from its beginning. */
  const reveal = (article) => {
    if (article.offsetHeight > log.clientHeight) article.scrollIntoView({ block: "start" });
    else toEnd();
  };

  const post = async (address, values) => {
    const response = await fetch(address, {
      method: "POST",
      headers: { "X-Form-Token": formToken(), "HX-Request": "true", Accept: "text/html" },
      body: new URLSearchParams(values),
    });
    if (response.status === 401) location.assign("/login");
    return { html: await response.text(), ok: response.ok, status: response.status };
  };

  const failed = (answer, again) => {
    const note = failedPattern.content.cloneNode(true);
    note.querySelector(".again").addEventListener("click", again);
    answer.replaceChildren(note);
  };

  /* The server's html: the answer, and rows of buttons that take the place of the ones on the page. */
  const show = (answer, html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const row of holder.content.querySelectorAll("[hx-swap-oob]")) {
      row.removeAttribute("hx-swap-oob");
      const old = document.getElementById(row.id);
      row.remove();
      if (old) old.replaceWith(row);
    }
    answer.replaceChildren(holder.content);
    drawCharts(answer);
  };

  const thinking = () => turnPattern.content.querySelector(".thinking").cloneNode(true);

  const send = async (answer, address, values) => {
    answer.replaceChildren(thinking());
    toEnd();
    try {
      const result = await post(address, values);
      if (result.status >= 500 || result.status === 429) failed(answer, () => send(answer, address, values));
      else show(answer, result.html);
    } catch {
      failed(answer, () => send(answer, address, values));
    }
    reveal(answer.closest(".turn"));
  };

  const turn = (text) => {
    const article = turnPattern.content.firstElementChild.cloneNode(true);
    const mine = article.querySelector(".mine");
    if (text) mine.querySelector("p").textContent = text;
    else mine.remove();
    log.querySelector(".welcome")?.remove();
    latest.before(article);
    return article.querySelector(".answer");
  };

  const say = (text) => {
    const plain = text.trim();
    if (!plain) return;
    said.push(plain);
    recalled = said.length;
    send(turn(plain), "/chat/say", { text: plain, event_id: newId() });
  };

  const fit = () => {
    if (CSS.supports("field-sizing", "content")) return;
    words.style.height = "auto";
    words.style.height = `${words.scrollHeight}px`;
  };

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    say(words.value);
    words.value = "";
    fit();
    words.focus();
  });
  words.addEventListener("input", fit);
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      composer.requestSubmit();
    } else if (event.key === "ArrowUp" && !words.value && said.length) {
      event.preventDefault();
      recalled = Math.max(0, recalled - 1);
      words.value = said[recalled];
      fit();
    }
  });
  chips?.addEventListener("submit", (event) => {
    event.preventDefault();
    say(event.submitter.value);
    words.focus();
  });
  log.addEventListener("submit", (event) => {
    const row = event.target.closest(".actions");
    if (!row) return;
    event.preventDefault();
    const values = { action: event.submitter.value, offered: row.elements.offered.value, event_id: newId() };
    for (const button of row.querySelectorAll("button")) button.disabled = true;
    send(turn(event.submitter.textContent.trim()), "/chat/press", values);
    words.focus();
  });

  for (const mine of log.querySelectorAll(".mine p")) said.push(mine.textContent);
  recalled = said.length;
  toEnd();
})();
