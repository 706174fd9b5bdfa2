import * as z from 'zod';
import { ChaosError, messageOf } from '../core/errors.ts';
import { baseUrl, type Lab } from '../core/lab.ts';
import { defineFault } from './fault.ts';

/** What the API's switches are, as it answers them. */
const switches = z.object({
  payment_failure_rate: z.number(),
  added_latency_seconds: z.number(),
  endpoints: z.array(z.string()),
});
type Switches = z.infer<typeof switches>;

/** The API takes the switches back by itself this long after the fault should have ended, in seconds. */
const MARGIN_S = 60;

/** Makes the API itself fail: payments refused, or endpoints slow. Switched at run time, nothing restarts. */
export default defineFault({
  type: 'app-failure',
  summary: 'the API fails by itself: payments refused, endpoints slowed; reverts even if we die',
  fields: z.strictObject({
    payment_failure_rate: z
      .number()
      .min(0)
      .max(1, 'must be from 0 to 1')
      .optional()
      .describe('share of orders that fail'),
    added_latency_seconds: z.number().min(0).max(30).optional().describe('added to every request; wall time'),
    endpoints: z
      .array(z.string())
      .optional()
      .describe('which endpoints the latency is added to; all by default'),
  }),
  example: { payment_failure_rate: 0.5 },
  describe: ({ payment_failure_rate: rate, added_latency_seconds: latency, endpoints }) =>
    [
      ...(rate === undefined ? [] : [`${rate * 100} % of the payments fail`]),
      ...(latency === undefined ? [] : [`${latency} s more on ${endpoints?.join(', ') ?? 'every endpoint'}`]),
    ].join(', ') || 'nothing',
  targets: () => ['api'],
  touches: (fields) => [
    {
      kind: 'switches',
      on: 'api',
      does: `${Object.keys(fields).join(', ') || 'nothing'} set`,
      undo: `set to what they were; revert by themselves ${MARGIN_S} s after their time`,
    },
  ],
  prepare: async (_fields, { lab }) => ({ before: await ask(lab) }),

  async inject(fields, { lab, clock }, { forMs }) {
    const beganAt = clock.now();
    const now = await ask(lab, { ...fields, ttl_seconds: forMs / 1000 + MARGIN_S });
    if (
      fields.payment_failure_rate !== undefined &&
      now.payment_failure_rate !== fields.payment_failure_rate
    ) {
      throw new ChaosError('not-ready', 'The API did not take over the payment failure rate.');
    }
    return { beganAt, effectiveAt: clock.now() };
  },

  async undo({ before }, { lab, clock }) {
    const now = await ask(lab, { ...before });
    return { undoneAt: clock.now(), restored: JSON.stringify(now) === JSON.stringify(before) };
  },
});

/** Reads the switches, or sets those that are named and reads them back. */
async function ask(lab: Lab, change?: Record<string, unknown>): Promise<Switches> {
  const { default: axios } = await import('axios');
  const url = `${baseUrl(lab, 'API_ADMIN_PORT')}/admin/switches`;
  try {
    const options = { proxy: false as const, maxRedirects: 0, timeout: 5000 };
    const { data } = await (change ? axios.put(url, change, options) : axios.get(url, options));
    return switches.parse(data);
  } catch (error) {
    throw new ChaosError('not-ready', `The API's switches do not answer: ${messageOf(error)}.`, {
      cause: error,
      hint: `chaos status --name ${lab.name}`,
    });
  }
}
