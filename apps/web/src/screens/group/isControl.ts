/** Whether a press goes to something that takes presses itself, and means nothing for the tile or the page below it. */
export const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('button, input, dialog, [popover], .self-view') !== null;
