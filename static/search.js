// The search's dialog opens with the focus in its box, so that somebody who called it by keyboard types at once.
(() => {
  if (window.pmqaSearch) return;
  window.pmqaSearch = true;
  let asked = false;
  const box = () => document.querySelector('[role="dialog"] .st-key-search-box input');
  new MutationObserver(() => {
    const input = box();
    if (input && !asked) setTimeout(() => input.focus(), 0);
    asked = Boolean(input);
  }).observe(document.body, { subtree: true, childList: true });
})();
