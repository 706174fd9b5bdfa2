import { both } from './words.ts';

export const METRICS = {
  'no-prometheus': both<object>(
    () => ['there is no prometheus.yml, so nothing is collected', 'hand in prometheus/prometheus.yml'],
    () => ['il n’y a pas de prometheus.yml : rien n’est collecté', 'rendre prometheus/prometheus.yml'],
  ),
  'default-interval': both<object>(
    () => ['scrapes come every minute, as nothing else is said', 'global: { scrape_interval: 15s }'],
    () => ['la collecte se fait chaque minute, faute d’indication', 'global: { scrape_interval: 15s }'],
  ),
  'no-job': both<{ job: string; target: string }>(
    ({ job, target }) => [`no job scrapes ${job}`, `add a job ${job} with the target ${target}`],
    ({ job, target }) => [`aucun job ne collecte ${job}`, `ajouter un job ${job} avec la cible ${target}`],
  ),
  'unknown-target': both<{ job: string; host: string }>(
    ({ job, host }) => [
      `the job ${job} asks ${host}, and no service has that name: the target can never be UP`,
      'name the service as compose does',
    ],
    ({ job, host }) => [
      `le job ${job} interroge ${host}, et aucun service ne porte ce nom : la cible ne peut pas être UP`,
      'écrire le nom du service comme dans compose',
    ],
  ),
  'wrong-port': both<{ job: string; port: number | string; wanted: number }>(
    ({ job, port, wanted }) => [
      `the job ${job} asks port ${port}, and that exporter listens on ${wanted}`,
      `port ${wanted}`,
    ],
    ({ job, port, wanted }) => [
      `le job ${job} interroge le port ${port}, et cet exporter écoute sur ${wanted}`,
      `port ${wanted}`,
    ],
  ),
  'no-targets': both<{ job: string }>(
    ({ job }) => [`the job ${job} names no target`, 'add static_configs with targets'],
    ({ job }) => [`le job ${job} ne nomme aucune cible`, 'ajouter static_configs avec targets'],
  ),
  'no-app': both<object>(
    () => [
      'nothing shows what the API exposes: neither a program in Python nor the text of its /metrics was handed in',
      'hand in app.py, or what curl :5000/metrics prints as metrics.txt',
    ],
    () => [
      'rien ne montre ce que l’API expose : ni programme Python ni texte de /metrics n’a été rendu',
      'rendre app.py, ou ce qu’affiche curl :5000/metrics sous le nom metrics.txt',
    ],
  ),
  'no-app-metric': both<{ metric: string; labels: string }>(
    ({ metric, labels }) => [`the API does not expose ${metric}`, `declare ${metric}${labels}`],
    ({ metric, labels }) => [`l’API n’expose pas ${metric}`, `déclarer ${metric}${labels}`],
  ),
  'lacks-labels': both<{ metric: string; labels: string }>(
    ({ metric, labels }) => [`${metric} lacks the label ${labels}`, `declare ${metric} with ${labels} too`],
    ({ metric, labels }) => [
      `il manque à ${metric} le label ${labels}`,
      `déclarer ${metric} aussi avec ${labels}`,
    ],
  ),
  'raw-path': both<object>(
    () => [
      'a label is the path as the client wrote it: each wrong address makes series of its own, without end',
      'use the route: request.url_rule.rule if request.url_rule else "unmatched"',
    ],
    () => [
      'un label est le chemin tel que le client l’a écrit : chaque adresse fausse crée des séries, sans fin',
      'utiliser la route : request.url_rule.rule if request.url_rule else "unmatched"',
    ],
  ),
  'counts-itself': both<object>(
    () => [
      'scrapes of /metrics and health checks seem to be counted as requests, which always succeed and so dilute the SLI: nothing here leaves them out',
      'return before counting where request.path is /metrics or /health',
    ],
    () => [
      'les lectures de /metrics et de /health semblent comptées comme des requêtes, qui réussissent toujours et diluent le SLI : rien ici ne les écarte',
      'sortir avant de compter si request.path est /metrics ou /health',
    ],
  ),
  'no-rootfs': both<{ option: string }>(
    ({ option }) => [
      `node-exporter lacks ${option}, so it reports the container’s own file systems and no other`,
      `mount /:/rootfs:ro and start it with ${option}=/rootfs`,
    ],
    ({ option }) => [
      `il manque à node-exporter ${option} : il ne voit que les systèmes de fichiers du conteneur`,
      `monter /:/rootfs:ro et le lancer avec ${option}=/rootfs`,
    ],
  ),
  'no-blackbox': both<{ module: string }>(
    ({ module }) => [
      `the module ${module} is asked for, and no blackbox.yml with it was handed in`,
      `add blackbox.yml: modules: { ${module}: { prober: http } }`,
    ],
    ({ module }) => [
      `le module ${module} est demandé, et aucun blackbox.yml qui le définit n’a été rendu`,
      `ajouter blackbox.yml : modules: { ${module}: { prober: http } }`,
    ],
  ),
  unprobed: both<{ what: string; quoi: string; url: string }>(
    ({ what, url }) => [`nobody probes ${what} from outside`, `add the target ${url} to the blackbox job`],
    ({ quoi, url }) => [
      `personne ne sonde ${quoi} de l’extérieur`,
      `ajouter la cible ${url} au job blackbox`,
    ],
  ),
};
