// A button that copies: what stands in the hidden .pmqa-copy beside it goes to the clipboard, at the press itself, as
// browsers let nothing be copied later.
(() => {
  if (window.pmqaCopy) return;
  window.pmqaCopy = true;
  const byHand = (text) => { // where a page has no clipboard: over plain http, from another machine
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };
  addEventListener("click", (event) => {
    const beside = event.target.closest?.("button")?.closest('[class*="st-key-copyable-"]');
    const text = beside?.querySelector(".pmqa-copy")?.textContent;
    if (!text) return;
    if (navigator.clipboard) navigator.clipboard.writeText(text).catch(() => byHand(text));
    else byHand(text);
  }, true);
})();
