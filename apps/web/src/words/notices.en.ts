import type { Notice } from '../model/model.ts';
import { firstName } from './names.ts';

interface NoticeWords {
  readonly tone: 'plain' | 'good' | 'bad';
  readonly text: string;
}

const NOTICES: Readonly<Record<Notice['kind'], NoticeWords>> = {
  sign_in_failed: { tone: 'bad', text: 'Signing in didn’t work. Try again in a moment.' },
  call_failed: { tone: 'bad', text: 'The call couldn’t start. Try again in a moment.' },
  offline: { tone: 'bad', text: 'You’re offline. Calls can’t reach you until the connection is back.' },
  already_dialing: { tone: 'plain', text: 'You’re calling somebody already. End that call first.' },
  rate_limited: { tone: 'bad', text: 'That was a lot at once. Wait a moment, then try again.' },
  saving_failed: { tone: 'bad', text: 'That couldn’t be saved. Try again in a moment.' },
  back_online: { tone: 'good', text: 'You’re back online.' },
  microphone_changed: { tone: 'plain', text: 'Microphone changed' },
  camera_changed: { tone: 'plain', text: 'Camera changed' },
  speaker_changed: {
    tone: 'plain',
    text: 'Your speaker is gone. You hear the others where this device plays sound.',
  },
  sound_kept: {
    tone: 'plain',
    text: 'Your microphone can’t be changed while it’s in use. You’re heard as before.',
  },
  strong_noise_failed: {
    tone: 'plain',
    text: '“Voice only” doesn’t work on this device at the moment. You’re still heard, with the noise around you.',
  },
  background_failed: {
    tone: 'bad',
    text: 'What’s behind you can’t be changed on this device at the moment. The others see your room.',
  },
  background_too_slow: {
    tone: 'bad',
    text: 'This device can’t keep up with your background, so it’s off. The others see your room.',
  },
  background_picture_failed: {
    tone: 'plain',
    text: 'Your picture didn’t load, so what’s behind you is blurred.',
  },
  picture_unusable: { tone: 'bad', text: 'That file can’t be used as a picture. Choose another one.' },
  speaker_failed: {
    tone: 'bad',
    text: 'No sound came from that speaker. Check that it’s on and plugged in, or choose another one.',
  },
  no_relay: {
    tone: 'plain',
    text: 'You hide your address, and this service has no relay to hide it behind, so no call can go through. You can turn that off in the settings.',
  },
  call_full: { tone: 'plain', text: 'Only 32 people fit in a call. Somebody has to leave first.' },
  call_locked: { tone: 'plain', text: 'This call is locked. Nobody new gets in until the host unlocks it.' },
  group_calls_preparing: {
    tone: 'plain',
    text: 'Group calls are still being prepared on the server. Calls between two work already.',
  },
  group_calls_unavailable: {
    tone: 'bad',
    text: 'Group calls can’t be had on this server at the moment. Calls between two work as ever.',
  },
  group_saved: { tone: 'good', text: 'The group is saved. It is on your home screen.' },
  link_copied: { tone: 'good', text: 'The link is copied.' },
  muted_by_host: { tone: 'plain', text: 'The host muted you.' },
  sharing_failed: {
    tone: 'bad',
    text: 'Your screen couldn’t be shared. The browser or the system refused it.',
  },
  already_moving: { tone: 'plain', text: 'This call is on its way to another device already.' },
  move_gone: { tone: 'plain', text: 'That call is over, or it isn’t offered any more.' },
  move_stayed: { tone: 'bad', text: 'Moving the call didn’t work. It goes on here.' },
  call_passed: { tone: 'plain', text: 'The call was passed on.' },
  muted_for_other: { tone: 'plain', text: 'Another device of yours has the microphone now.' },
  report_copied: { tone: 'good', text: 'The report is copied. It holds no address and no name.' },
  copying_failed: { tone: 'bad', text: 'This browser didn’t let that be copied.' },
  code_copied: { tone: 'good', text: 'The code is copied. Paste it where only you can read it.' },
};

/** What a toast says, and in which tone. */
export function noticeWords(notice: Pick<Notice, 'kind' | 'detail'>): NoticeWords {
  const { tone, text } = NOTICES[notice.kind];
  switch (notice.kind) {
    case 'microphone_changed':
      return { tone, text: notice.detail ? `Now using the microphone ${notice.detail}.` : `${text}.` };
    case 'camera_changed':
      return { tone, text: notice.detail ? `Now using the camera ${notice.detail}.` : `${text}.` };
    case 'call_passed':
      return { tone, text: notice.detail ?? text };
    case 'muted_for_other':
      return {
        tone,
        text: notice.detail ? `The microphone is on ${notice.detail} now. This one is muted.` : text,
      };
    case 'already_moving':
    case 'move_gone':
    case 'move_stayed':
    case 'speaker_changed':
      return { tone, text: notice.detail ? `You hear the others on ${notice.detail}.` : text };
    case 'muted_by_host':
      return { tone, text: notice.detail ? `${firstName(notice.detail)} muted you.` : text };
    case 'sound_kept':
    case 'strong_noise_failed':
    case 'background_failed':
    case 'background_too_slow':
    case 'background_picture_failed':
    case 'picture_unusable':
    case 'speaker_failed':
    case 'sign_in_failed':
    case 'call_failed':
    case 'offline':
    case 'already_dialing':
    case 'rate_limited':
    case 'saving_failed':
    case 'back_online':
    case 'no_relay':
    case 'call_full':
    case 'call_locked':
    case 'group_calls_preparing':
    case 'group_calls_unavailable':
    case 'group_saved':
    case 'link_copied':
    case 'sharing_failed':
    case 'report_copied':
    case 'copying_failed':
    case 'code_copied':
      return { tone, text };
  }
}
