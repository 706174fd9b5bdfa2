import type { CommandModule } from 'yargs';
import { configOption, helpEnd, labOption } from '../options.ts';
import { tell } from '../terminal.ts';

interface Args {
  name: string;
  follow: boolean;
  json: boolean;
  forward?: string;
  template?: string;
  config?: string;
}

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
      .option('forward', {
        type: 'string',
        requiresArg: true,
        describe: 'post each new notification to this URL; with --no-follow those that are there',
      })
      .option('template', {
        type: 'string',
        requiresArg: true,
        implies: 'forward',
        describe: 'Mustache file that gives the JSON body; by default Slack’s {"text": "…"}',
      })
      .option('config', configOption)
      .example('$0 inbox', 'in a second terminal, while a run goes on')
      .example('$0 inbox --no-follow --json', 'for a script')
      .example('$0 inbox --forward http://127.0.0.1:8000/hook', 'to a webhook of your own')
      .epilogue(helpEnd('0; 2 a bad URL or template; 3 the inbox does not answer', 'notifications')) as never,
  async handler({ name, follow, json, forward, template, config }) {
    const [{ loadLab }, { baseUrl }, { Inbox, notifiedIn }, { tellNotified }, { listenTo }] =
      await Promise.all([
        import('../../stack/lab-file.ts'),
        import('../../core/lab.ts'),
        import('../../observe/inbox.ts'),
        import('../tell-notified.ts'),
        import('../listen.ts'),
      ]);
    const lab = loadLab(name);
    const over = new AbortController();
    const leave = () => over.abort();
    process.once('SIGINT', leave);
    process.once('SIGTERM', leave);
    const forwarder =
      forward === undefined
        ? undefined
        : (await import('../forwarder.ts')).forwarderTo({ forward, template, config }, lab, over.signal);
    const inbox = new Inbox(baseUrl(lab, 'INBOX_PORT'));
    for await (const { notifications, isNew } of listenTo(inbox, { follow, signal: over.signal }))
      for (const notification of notifications) {
        for (const one of notifiedIn(notification)) tellNotified(one, json);
        // Those of before were forwarded when they came, or nobody asked for it.
        if (isNew || !follow) forwarder?.forward(notification);
      }
    await forwarder?.idle();
    if (forwarder) {
      const { delivered, failed } = forwarder.counts;
      tell(`Forwarded: ${delivered}${failed > 0 ? `, not delivered: ${failed}` : ''}.`);
    }
  },
};

export default command;
