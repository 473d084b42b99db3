/** The names of everything in Redis: one place, so that nothing collides. */
export const keys = {
  /** Hash: `d:<device>` → what is known of it; `c:<device>:<call>` → it is in this call. */
  presence: (userId: string): string => `visavis:presence:${userId}`,
  /** String: what others were told of this user last. */
  shown: (userId: string): string => `visavis:shown:${userId}`,
  /** Hash: `id`, `seq` of the newest event, `node` that holds it, `order` of the socket that has it. */
  session: (deviceId: string): string => `visavis:session:${deviceId}`,
  /** List: the events that are not acknowledged, oldest first, as their texts. */
  outbox: (deviceId: string): string => `visavis:outbox:${deviceId}`,
  /** Sorted set: the keys of events that were pushed to this device lately. */
  pushed: (deviceId: string): string => `visavis:pushed:${deviceId}`,
  /** String: the order of the last socket that took this device. */
  order: (deviceId: string): string => `visavis:order:${deviceId}`,
  /** String: this device was told that this call is over. */
  over: (deviceId: string, callId: string): string => `visavis:over:${deviceId}:${callId}`,
  /** String: the number of the newest event of its kind that was handed over to this device. */
  newest: (deviceId: string, of: string): string => `visavis:newest:${deviceId}:${of}`,
  /** Hash: `tokens` left of the calls that a user may start, and `at` when that was. */
  dials: (userId: string): string => `visavis:dials:${userId}`,
  /** String: an offer to take a device's place in a call. */
  moveOffer: (token: string): string => `visavis:move:${token}`,
  /** String: this device has left this call. */
  left: (deviceId: string, callId: string): string => `visavis:left:${deviceId}:${callId}`,
  /** Sorted set: node → when it was last alive, in ms by the clock of Redis. */
  nodes: 'visavis:nodes',
  /** String: there once the node was heard; gone when Redis was emptied or the node counts as dead. */
  nodeHeard: (nodeId: string): string => `visavis:node:${nodeId}:heard`,
  /** Set: `<user> <device>` of the devices that are connected to this node. */
  nodeDevices: (nodeId: string): string => `visavis:node:${nodeId}:devices`,
  /** String: who looks after the devices of a node that died. */
  nodeHeir: (nodeId: string): string => `visavis:node:${nodeId}:heir`,
  /** Hash: node that forwards media → when it last said so, and what it says of itself. */
  mediaNodes: 'visavis:media-nodes',
  /** Channel: what the node that holds a device has to know. */
  deviceChannel: (deviceId: string): string => `visavis:device:${deviceId}`,
  /** Channel: what all nodes have to know. */
  nodesChannel: 'visavis:all',
} as const;
