// A click on a chart right after the mouse moved is not lost: Plotly learns what is below the mouse up to 50 ms after it
// moved, and one that it learns while the button is down is of nothing. The press waits until it has learnt.
// A press on a radar is a click wherever mouse or finger go: to drag on one would magnify it.
(() => {
  if (window.pmqaClicks) return;
  window.pmqaClicks = true;
  const LEARNT = 60; // milliseconds
  let moved = 0, ours = false, radar = false, held; // radar: pressed on one; held: the events of a press that waits
  const again = (event) => event.target.dispatchEvent(new MouseEvent(event.type, event));
  const release = () => {
    const events = held;
    held = undefined;
    ours = true;
    events.forEach(again);
    ours = false;
  };
  const stay = (event) => {
    if (event.type.endsWith("move")) return radar && event.stopImmediatePropagation();
    radar = /down|start/.test(event.type) && Boolean(event.target.closest?.(".stPlotlyChart .maindrag"));
  };
  const look = (event) => {
    if (ours) return;
    const drag = event.target.closest?.(".stPlotlyChart .drag");
    if (held) held.push(event);
    else if (event.type === "mousedown" && drag && event.timeStamp - moved < LEARNT) {
      held = [event];
      setTimeout(release, LEARNT);
    } else {
      if (event.type === "mousemove" && drag) moved = event.timeStamp;
      return;
    }
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  const events = ["mousemove", "mousedown", "mouseup"];
  for (const type of [...events, "touchmove", "touchstart", "touchend"]) addEventListener(type, stay, true);
  for (const type of events) addEventListener(type, look, true);
})();
