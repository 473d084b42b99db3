/**
 * A description without feedback lines (RFC 4585 §4.2) of formats that its media line does not list. Firefox leaves them there for
 * codecs that `setCodecPreferences` took out, and Chromium then refuses the whole description. For each description from another
 * device, before it is set.
 */
export const withoutStrayFeedback = (sdp: string): string =>
  sdp
    .split(/^(?=m=)/m)
    .map((section) => {
      // m=<kind> <port> <protocol> <format> …
      const formats = new Set(/^m=\S+ \S+ \S+ (.*?)\r?$/m.exec(section)?.[1]?.split(' '));
      return section.replaceAll(/^a=rtcp-fb:(\S+) .*\r?\n/gm, (line, format: string) =>
        format === '*' || formats.has(format) ? line : '',
      );
    })
    .join('');
