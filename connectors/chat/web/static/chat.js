"use strict";
/* The chat: what is typed appears at once, then each reply as it comes; what fails is sent again under the same id. */

(() => {
  const log = document.getElementById("log");
  const latest = document.getElementById("latest");
  const composer = document.getElementById("composer");
  const words = composer.elements.text;
  const chips = document.getElementById("suggestions");
  const turnPattern = document.getElementById("turn-pattern");
  const failedPattern = document.getElementById("failed-pattern");
  const thinkingPattern = document.getElementById("thinking-pattern");
  const htmlOf = new WeakMap();
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

  const failed = (again) => {
    const note = failedPattern.content.firstElementChild.cloneNode(true);
    note.querySelector(".again").addEventListener("click", again);
    return note;
  };

  const post = async (address, values) => {
    const response = await fetch(address, {
      method: "POST",
      headers: { "X-Form-Token": formToken(), "HX-Request": "true", Accept: "text/html" },
      body: new URLSearchParams(values),
    });
    if (response.status === 401) location.assign("/login");
    if (response.status >= 500 || response.status === 429) throw new Error("not taken");
    return response;
  };

  /* The answer so far. What stands already stays, so that it is neither read out nor drawn twice.
     Rows of buttons take the place of the ones on the page. */
  const show = (answer, html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const row of holder.content.querySelectorAll("[hx-swap-oob]")) {
      row.removeAttribute("hx-swap-oob");
      const old = document.getElementById(row.id);
      row.remove();
      if (old) old.replaceWith(row);
    }
    const fresh = [...holder.content.children];
    const standing = [...answer.querySelectorAll(":scope > :not(.thinking)")];
    let same = 0;
    while (same < standing.length && htmlOf.get(standing[same]) === fresh[same]?.outerHTML) same += 1;
    for (const old of standing.slice(same)) old.remove();
    for (const one of fresh.slice(same)) htmlOf.set(one, one.outerHTML);
    answer.querySelector(".thinking").before(...fresh.slice(same));
    drawCharts(answer);
    startMaps(answer);
    if (fresh.length > same) reveal(answer.closest(".turn"));
  };

  /* Shows each piece as it comes; whether the last one came. */
  const read = async (answer, response) => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      const pieces = (rest + value).split("\n\n");
      rest = pieces.pop();
      for (const piece of pieces) {
        const found = /^event: (\w+)\ndata: (.*)$/.exec(piece);
        if (found) show(answer, JSON.parse(found[2]));
        if (found?.[1] === "answer") return true;
      }
    }
  };

  const exchange = async (answer, address, values) => {
    const response = await post(address, values);
    if (response.ok) return read(answer, response).catch(() => false);
    show(answer, await response.text());
    return true;
  };

  /* An answer that got lost on its way is asked for once more, under the same id. */
  const send = async (answer, address, values) => {
    answer.querySelector(".failed")?.remove();
    answer.append(thinkingPattern.content.cloneNode(true));
    toEnd();
    const attempt = () => exchange(answer, address, values);
    const whole = await attempt().then((came) => came || attempt()).catch(() => false);
    answer.querySelector(".thinking").remove();
    if (whole) return;
    answer.append(failed(() => send(answer, address, values)));
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
