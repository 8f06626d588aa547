// Broken on purpose: a pure folder talks to the terminal.
console.log('hello');
