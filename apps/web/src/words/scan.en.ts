/** What the camera that looks for QR codes says. */
export const scanWords = {
  picture: 'What your camera sees',
  opening: 'Opening the camera…',
  hint: 'Hold the code so that it fills the frame.',
  problem: {
    denied: {
      title: 'Your camera is blocked for this page',
      body: 'Allow it next to the address at the top of the window, then try again.',
    },
    missing: {
      title: 'No camera found',
      body: 'Plug one in and try again.',
    },
    in_use: {
      title: 'Your camera can’t be opened',
      body: 'Something else uses it, perhaps this very call. Turn it off there and try again.',
    },
    unplugged: {
      title: 'Your camera was unplugged',
      body: 'Plug it in again and try again.',
    },
    insecure: {
      title: 'This address may not use the camera',
      body: 'Browsers give the camera only to addresses that begin with https. Open this page by its secure address.',
    },
  },
};
