/** What can stand beside the people of a group call. */
export type Panel = 'people' | 'chat';
