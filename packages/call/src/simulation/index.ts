export const SIMULATION = 'to follow';
