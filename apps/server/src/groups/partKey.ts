/**
 * What the media of a call are called in the SFU of a node (MED6): by the call alone at its home, and at another node by that home
 * too, because a call may have media there for two homes while it goes from one to the other (MED4).
 */
export const partKey = (callId: string, home: string): string => `${callId} ${home}`;

/** @returns `home` null: this node is the home */
export function readPartKey(key: string): { readonly callId: string; readonly home: string | null } {
  const [callId = key, home = null] = key.split(' ');
  return { callId, home };
}
