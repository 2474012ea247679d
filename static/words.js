// Streamlit's own words, which are English in every language, in ours. A hidden element of the page (.pmqa-words) holds
// them: whole texts -> ours, with {blanks} for what varies. What pages themselves say, and what people sent, is left alone.
(() => {
  if (window.pmqaWords) return;
  window.pmqaWords = true;
  const SAID = ["aria-label", "title", "placeholder", "data-title"]; // attributes that are read
  const NOT_THEIRS = '[data-testid="stMarkdownContainer"], [data-testid="stTable"], .main-svg, .pmqa-words, script, style, textarea';
  let read = "", whole = new Map(), varying = [];
  const learn = () => {
    const text = document.querySelector(".pmqa-words")?.textContent;
    if (text === undefined || text === read) return false;
    [read, whole, varying] = [text, new Map(), []];
    for (const [theirs, ours] of Object.entries(JSON.parse(text))) {
      const names = [...theirs.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parts = theirs.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      if (names.length) varying.push([new RegExp(`^${parts.join("(.+)")}$`), names, ours]);
      else whole.set(theirs, ours);
    }
    return true;
  };
  const worded = (text) => {
    if (text.length > 200) return undefined;
    const said = text.trim();
    if (whole.has(said)) return whole.get(said);
    for (const [pattern, names, ours] of varying) {
      const found = pattern.exec(said);
      if (found) return names.reduce((words, name, place) => words.replace(`{${name}}`, () => found[place + 1]), ours);
    }
    return undefined;
  };
  const putText = (node) => {
    const ours = node.data.trim() && worded(node.data);
    if (ours !== undefined && ours !== node.data && !node.parentElement?.closest(NOT_THEIRS)) node.data = ours;
  };
  const putAttributes = (element) => {
    for (const name of SAID) {
      const ours = element.hasAttribute(name) ? worded(element.getAttribute(name)) : undefined;
      if (ours !== undefined && ours !== element.getAttribute(name)) element.setAttribute(name, ours);
    }
  };
  const put = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return putText(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest(".main-svg")) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
      node.nodeType === Node.ELEMENT_NODE && node.classList.contains("main-svg") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let node = root; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) putText(node);
      else putAttributes(node);
    }
  };
  new MutationObserver((changes) => {
    if (learn()) return put(document.body);
    if (!whole.size) return;
    for (const change of changes) {
      if (change.type === "characterData") putText(change.target);
      else if (change.type === "attributes") putAttributes(change.target);
      for (const added of change.addedNodes) put(added);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: SAID });
  if (learn()) put(document.body);
})();
