const changes = new WeakMap<RTCRtpSender, Promise<void>>();

/**
 * Changes what a sender encodes, one change after the other: browsers refuse one that is asked for while they make another, and
 * whoever asks knows nothing of who else does. Rejects as `setParameters` does.
 *
 * @param change - does it to what there is at that moment; false: there is nothing to be changed
 */
export function changeParameters(
  sender: RTCRtpSender,
  change: (parameters: RTCRtpSendParameters) => boolean | void,
  options: RTCSetParameterOptions = {},
): Promise<void> {
  const make = async (): Promise<void> => {
    const parameters = sender.getParameters();
    if (change(parameters) === false) return;
    await sender.setParameters(parameters, options);
  };
  const before = changes.get(sender);
  const made = before === undefined ? make() : before.then(make);
  changes.set(
    sender,
    made.catch(() => {}),
  );
  return made;
}

/** Has the next picture of every layer encoded whole, where the browser can be asked for that by its page. */
export async function askForKeyFrame(sender: RTCRtpSender): Promise<void> {
  // Chromium 156 has it, others pass over it, and the types of the DOM know nothing of it.
  const options: { readonly encodingOptions: { keyFrame: boolean }[] } = { encodingOptions: [] };
  const note = ({ encodings }: RTCRtpSendParameters): boolean => {
    for (const { active } of encodings) options.encodingOptions.push({ keyFrame: active !== false });
    return encodings.some(({ active }) => active !== false);
  };
  // One that has been closed meanwhile has nothing to encode.
  await changeParameters(sender, note, options).catch(() => {});
}
