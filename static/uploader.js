// What Streamlit's uploader says of a file over the limit, in our words and in the page's language. The words stand in a
// style of the page (--pmqa-too-large), as this file is the same in every language.
(() => {
  if (window.pmqaUploader) return;
  window.pmqaUploader = true;
  const theirs = /^File must be .+ or smaller\.$/;
  const ours = () => getComputedStyle(document.documentElement).getPropertyValue("--pmqa-too-large").trim().slice(1, -1);
  const put = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      const inside = node.nodeType === Node.TEXT_NODE && theirs.test(node.data.trim());
      if (inside && node.parentElement?.closest('[data-testid="stFileUploader"]') && ours()) node.data = ours();
    }
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") put(change.target);
      for (const added of change.addedNodes) put(added);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})();
