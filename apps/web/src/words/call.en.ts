import { firstName, list, possessive } from './names.ts';

/** Names while they tell the devices apart and fit in a line, else how many they are. */
function devicesList(devices: readonly string[]): string {
  const distinct = new Set(devices).size === devices.length;
  return distinct && devices.length <= 3 ? list(devices) : `${devices.length} devices`;
}

/** What the screens of a call between two say, and what all calls have in common. */
export const callWords = {
  region: 'Call',
  connecting: 'Connecting…',
  lowLight: 'It’s dark where you are',
  lowLightHint: 'A light in front of you, or a window, makes you easier to see.',
  controls: 'Call controls',
  mute: 'Mute',
  unmute: 'Unmute',
  cameraOn: 'Turn camera on',
  cameraOff: 'Turn camera off',
  end: 'End call',
  hold: 'Hold',
  resume: 'Resume',
  resumeHint: 'Neither of you hears or sees the other.',
  heldByOther: (name: string): string => `${firstName(name)} put you on hold`,
  otherChecking: (name: string): string =>
    `${firstName(name)} is checking a security key first. Your network is fine.`,
  otherMuted: (name: string): string => `${firstName(name)} is muted`,
  otherCameraOff: (name: string): string => `${possessive(firstName(name))} camera is off`,
  otherPaused: (name: string): string =>
    `${possessive(firstName(name))} connection is too weak for a picture`,
  pictureInPicture: 'Picture in picture',
  fullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',
  shortcuts: 'Keyboard shortcuts',
  chooseSound: 'Choose microphone and speaker',
  chooseCamera: 'Choose camera',
  switchCamera: 'Switch camera',
  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
  path: { direct: 'Direct', relayed: 'Relayed', forwarded: 'By server' },
  pathHint: {
    direct: 'Sound and picture go straight from device to device.',
    relayed: 'A relay passes sound and picture on; the two devices don’t reach each other directly.',
    forwarded: 'The server passes sound and picture on to everybody in the call.',
  },
  yourVideo: 'Your video',
  selfView: 'Self view. Move it with the arrow keys.',
  videoOf: (name: string): string => `Video of ${name}`,
  tapToHear: (name: string): string => `Tap to hear ${name}`,
  otherCall: (name: string): string => `${name} is on hold`,
  swap: 'Swap',
  swapTo: (name: string): string => `Swap to ${name}`,
  endOther: (name: string): string => `End the call with ${name}`,
  on: (device: string): string => `On ${device}`,

  incoming: {
    region: 'Incoming call',
    kind: { video: 'Incoming video call', audio: 'Incoming audio call' },
    waiting: { video: 'is calling with video', audio: 'is calling' },
    onThisDevice: (device: string): string => `Ringing on ${device}`,
    answer: 'Answer',
    answerAudio: 'Answer with audio only',
    audioOnly: 'Audio only',
    decline: 'Decline',
    answerAndHold: 'Answer and hold',
    answerAndEnd: 'Answer and end',
    answerAndHoldName: (other: string): string => `Answer and hold ${other}`,
    answerAndEndName: (other: string): string => `Answer and end the call with ${other}`,
  },

  outgoing: {
    region: 'Outgoing call',
    dialing: 'Calling…',
    ringing: 'Ringing…',
    ringingOn: (devices: readonly string[]): string => `Ringing on ${devicesList(devices)}`,
    silentOn: (devices: readonly string[]): string => `Ringing silently on ${devicesList(devices)}`,
    reached: (name: string): string => `Waking ${possessive(firstName(name))} devices…`,
    cancel: 'Cancel call',
  },

  summary: {
    region: 'Call summary',
    callBack: 'Call back',
    callAgain: 'Call again',
    close: 'Close',
  },
};
