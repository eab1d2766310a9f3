// The sentence about where data go, true for a browser on the server's machine and on another.

const HERE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export const whereDataIsKept = (hostname: string): string => {
  const computer = HERE.test(hostname) ? 'this computer' : 'the computer that runs the server';
  return `On ${computer}, in the folder the server was started with, and a copy in this browser, so that you can go on without a network. Nothing is sent anywhere else.`;
};
