/** What is known of a container of the lab. */
export interface ContainerState {
  id: string;
  running: boolean;
  /** From the image's or compose's health check; undefined where there is none. */
  health: 'starting' | 'healthy' | 'unhealthy' | undefined;
  /** Last start, milliseconds since the Unix epoch; undefined if it never started. */
  startedAt: number | undefined;
}
