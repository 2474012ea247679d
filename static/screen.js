// How much room a page's charts have. Where they are drawn for another width, the hidden button of the right one is
// pressed; a cookie says it before the first run of the next visit. And how much smaller the page is on paper.
(() => {
  if (window.pmqaScreen) return;
  window.pmqaScreen = true;
  const EDGES = 34; // pixels of a card beside its chart
  const PAPER = 718; // pixels of A4 between its margins
  const LEAST = [["page", 760], ["tablet", 560], ["phone", 0]]; // pixels of a chart: pmqa/charts/style.py
  const main = () => document.querySelector('[data-testid="stMainBlockContainer"]');
  const width = () => {
    const style = getComputedStyle(main());
    return main().clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };
  let pressed, waiting, watched;
  const look = () => {
    waiting = undefined;
    if (!main() || matchMedia("print").matches) return;
    if (watched !== main()) new ResizeObserver(soon).observe(watched = main());
    const room = width(), [screen] = LEAST.find(([, least]) => room - EDGES >= least) ?? ["phone"];
    document.documentElement.style.setProperty("--pmqa-paper", Math.min(1, PAPER / room));
    const button = document.querySelector(`.st-key-screen-${screen} button`);
    if (!button) pressed = undefined;
    else if (button !== pressed) {
      pressed = button;
      document.cookie = `pmqa_screen=${screen}; path=/; max-age=31536000; SameSite=Lax`;
      button.click();
    }
  };
  const soon = () => { waiting ??= setTimeout(look, 150); };
  new MutationObserver(soon).observe(document.body, { subtree: true, childList: true });
  soon();
})();
