import { ChaosError } from '../core/errors.ts';
import { didYouMean, meant } from '../core/suggest.ts';
import { visible } from '../core/visible.ts';

/** What a command line could have been made of. */
export interface Grammar {
  /** As they are declared: `run <scenario..>`. */
  commands: readonly string[];
  /** Options of the command that was named, without their dashes. */
  options: readonly string[];
}

/** What yargs found wrong with a command line, in our words, with the word that was probably meant. */
export function usageError(complaint: string, args: readonly string[], grammar: Grammar): ChaosError {
  const names = grammar.commands.map((declared) => declared.split(' ')[0]!);
  const word = args.find((arg) => !arg.startsWith('-'));
  if (word !== undefined && !names.includes(word)) {
    const near = meant(word, names);
    return new ChaosError('usage', `There is no command called ${visible(word)}.`, {
      hint: `${near ? `did you mean chaos ${near}? ` : ''}chaos --help lists all`,
    });
  }
  const said = word ? `chaos ${word}` : 'chaos';
  const hint = `${said} --help`;
  const fail = (message: string, near?: string) =>
    new ChaosError('usage', message, { hint: near ? `${near} ${hint} says more` : hint });

  if (/^(Unknown arguments?: |Name a command)/.test(complaint)) {
    const option = args
      .map((arg) => /^--(?:no-)?([^=]+)/.exec(arg)?.[1])
      .find((one) => isUnknown(one, grammar));
    if (option === undefined && word === undefined) return fail(complaint);
    if (option === undefined) {
      const rest = complaint.replace(/^[^:]*: /, '');
      return fail(`chaos ${word} does not know what to do with ${visible(rest)}.`);
    }
    const near = meant(option, grammar.options);
    return fail(`${said} has no option --${visible(option)}.`, near && `did you mean --${near}?`);
  }
  const choice = /Argument: ([\w-]+), Given: "(.*)", Choices: (.*)$/m.exec(complaint);
  if (choice) {
    const [, option = '', given = '', list = ''] = choice;
    const known = list.split(', ').map((one) => one.replaceAll('"', ''));
    return fail(`--${option} cannot be ${visible(given)}.`, didYouMean(given, known));
  }
  const valueless = /^Not enough arguments following: (\S+)/.exec(complaint)?.[1];
  if (valueless) return fail(`--${valueless} needs a value.`);
  if (/^Not enough non-option arguments/.test(complaint)) {
    const declared = grammar.commands.find((one) => one.split(' ')[0] === word);
    return fail(`Something is missing behind chaos ${word}: chaos ${declared}.`);
  }
  return fail(complaint);
}

function isUnknown(option: string | undefined, { options }: Grammar): boolean {
  return option !== undefined && !options.includes(option);
}
