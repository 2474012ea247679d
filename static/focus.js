// Without a mouse: what had the focus before a dialog opened has it again when it closes, even where the run between drew
// it anew; and Tab leads from the button of an open menu through the menu, which stands at the end of the document.
(() => {
  if (window.pmqaFocus) return;
  window.pmqaFocus = true;
  const DIALOG = '[data-testid="stDialog"]', MENU = '[data-testid="stPopoverBody"]';
  const NAMED = '[class*="st-key-"]';
  const NOWHERE = "body, .st-key-search button"; // its shortcut presses the button, and leaves the focus there
  const OPENED = '[data-testid="stPopoverButton"][aria-expanded="true"]'; // one at a time
  const LEFT = '[data-tabindex]'; // Streamlit puts off the stops of a menu that the focus has left
  const STOPS = `:is(a[href], button, input, textarea, [tabindex="0"]):not(:disabled, [tabindex="-1"]:not(${LEFT}))`;
  let last, before, lost; // focused last, outside of dialogs and menus; when a dialog opened; and is to be again
  const giveBack = () => {
    if (document.querySelector(DIALOG)) return void (before ??= last);
    if (before) [lost, before] = [before, undefined];
    if (!lost || !document.activeElement.matches(NOWHERE)) return;
    (lost.element.isConnected ? lost.element : document.querySelector(lost.anew))?.focus();
  };
  const leadThrough = (event) => {
    const button = event.key === "Tab" && document.querySelector(OPENED), menu = button && document.querySelector(MENU);
    if (!menu) return;
    const stops = [...menu.querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility());
    const [first, end] = event.shiftKey ? [stops[0], undefined] : [undefined, stops.at(-1)];
    if (event.target === button && !event.shiftKey && stops.length) stops[0].focus();
    else if (event.target === first) button.focus();
    else if (event.target === end) return button.focus(); // the browser goes on from there
    else return;
    event.preventDefault();
  };
  addEventListener("focusin", ({ target }) => {
    const name = [...(target.closest(NAMED)?.classList ?? [])].find((one) => one.startsWith("st-key-"));
    if (name && !target.closest('[role="dialog"]')) last = { element: target, anew: `.${name} ${target.localName}` };
  });
  addEventListener("mousedown", () => { lost = undefined; }, true);
  addEventListener("keydown", (event) => { lost = event.ctrlKey && event.code === "KeyK" ? last : undefined; }, true);
  addEventListener("keydown", leadThrough, true);
  new MutationObserver(giveBack).observe(document.body, { subtree: true, childList: true });
})();
