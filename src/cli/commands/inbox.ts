import type { CommandModule } from 'yargs';
import { helpEnd, labOption } from '../options.ts';

interface Args {
  name: string;
  follow: boolean;
  json: boolean;
}

/** How often the inbox is asked, in wall milliseconds. */
const POLL_MS = 500;

const command: CommandModule<object, Args> = {
  command: 'inbox',
  describe: 'show the notifications that Alertmanager has sent to the lab, and more as they come',
  builder: (yargs) =>
    yargs
      .option('name', labOption)
      .option('follow', {
        type: 'boolean',
        default: true,
        describe: 'go on until Ctrl-C; --no-follow shows what is there, and ends',
      })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object a line' })
      .example('$0 inbox', 'in a second terminal, while a run goes on')
      .example('$0 inbox --no-follow --json', 'for a script')
      .epilogue(helpEnd('0; 3 the inbox does not answer', 'lab')) as never,
  async handler({ name, follow, json }) {
    const [{ loadLab }, { baseUrl }, { Inbox }, { systemClock }, { tellNotified }] = await Promise.all([
      import('../../stack/lab-file.ts'),
      import('../../core/lab.ts'),
      import('../../observe/inbox.ts'),
      import('../../core/clock.ts'),
      import('../tell-notified.ts'),
    ]);
    const inbox = new Inbox(baseUrl(loadLab(name), 'INBOX_PORT'));
    const over = new AbortController();
    const leave = () => over.abort();
    process.once('SIGINT', leave);
    process.once('SIGTERM', leave);
    do {
      for (const one of await inbox.news()) tellNotified(one, json);
      if (follow) await systemClock.sleep(POLL_MS, over.signal).catch(() => {});
    } while (follow && !over.signal.aborted);
  },
};

export default command;
