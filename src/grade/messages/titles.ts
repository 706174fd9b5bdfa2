import type { Lang } from './words.ts';

type Title = Readonly<Record<Lang, string>>;

/** The rubric's criteria, in its order. */
export const CRITERION_TITLES = {
  stack: { en: 'Stack deployed and working', fr: 'Stack déployée et fonctionnelle' },
  metrics: { en: 'Metrics collected correctly', fr: 'Métriques collectées correctement' },
  rules: { en: 'Alert rules that matter', fr: 'Règles d’alerte pertinentes' },
  dashboard: { en: 'Dashboard whole and readable', fr: 'Dashboard complet et lisible' },
  slo: { en: 'SLOs defined and watched', fr: 'SLOs définis et monitorés' },
  documentation: { en: 'Documentation and annotations', fr: 'Documentation et annotations' },
} satisfies Record<string, Title>;

/** What each check asks. */
export const CHECK_TITLES = {
  'stack.compose': { en: 'a compose file that can be read', fr: 'un fichier compose lisible' },
  'stack.services': { en: 'every service of the lab', fr: 'tous les services du TP' },
  'stack.files': {
    en: 'every file that compose mounts or builds',
    fr: 'tous les fichiers montés ou construits',
  },
  'stack.health': { en: 'health checks', fr: 'des healthchecks' },
  'stack.versions': { en: 'images with a version', fr: 'des images versionnées' },
  'stack.secrets': { en: 'no password in the file', fr: 'aucun mot de passe dans le fichier' },
  'stack.rights': { en: 'nobody is superuser', fr: 'personne n’est superutilisateur' },
  'stack.ports': { en: 'ports on this machine alone', fr: 'des ports limités à la machine' },
  'stack.signals': { en: 'an API that stops when told', fr: 'une API qui s’arrête quand on le lui dit' },
  'stack.upstream': { en: 'nginx finds the API again', fr: 'nginx retrouve l’API' },
  'metrics.scrape': { en: 'a prometheus.yml that can be read', fr: 'un prometheus.yml lisible' },
  'metrics.jobs': { en: 'the seven jobs', fr: 'les sept jobs' },
  'metrics.targets': { en: 'targets that can be UP', fr: 'des cibles qui peuvent être UP' },
  'metrics.application': { en: 'the API’s five metrics', fr: 'les cinq métriques de l’API' },
  'metrics.cardinality': { en: 'labels with an end', fr: 'des labels bornés' },
  'metrics.uncounted': { en: 'scrapes are not counted', fr: 'les collectes ne sont pas comptées' },
  'metrics.host': { en: 'node-exporter sees the machine', fr: 'node-exporter voit la machine' },
  'metrics.probes': { en: 'probes from outside', fr: 'des sondes externes' },
  'rules.files': { en: 'three rule files, loaded', fr: 'trois fichiers de règles, chargés' },
  'rules.valid': { en: 'rules that Prometheus takes', fr: 'des règles que Prometheus accepte' },
  'rules.alerts': { en: 'the lab’s alerts', fr: 'les alertes du TP' },
  'rules.patience': { en: 'a for: where it belongs', fr: 'un for: là où il en faut' },
  'rules.can-fire': { en: 'every alert can fire', fr: 'chaque alerte peut se déclencher' },
  'rules.quiet': { en: 'none fires with nothing wrong', fr: 'aucune ne se déclenche sans panne' },
  'rules.sight': { en: 'every incident is seen', fr: 'chaque incident est vu' },
  'rules.delivery': { en: 'notifications arrive', fr: 'les notifications arrivent' },
  'dashboard.provisioning': { en: 'a dashboard that Grafana loads', fr: 'un dashboard que Grafana charge' },
  'dashboard.panels': { en: 'every panel of the drawing', fr: 'tous les panels du dessin' },
  'dashboard.kinds': { en: 'panels of the right kind', fr: 'des panels du bon type' },
  'dashboard.queries': { en: 'queries that answer', fr: 'des requêtes qui répondent' },
  'dashboard.rows': { en: 'the rows of the drawing', fr: 'les rangées du dessin' },
  'dashboard.units': { en: 'units', fr: 'des unités' },
  'slo.document': { en: 'the three objectives, written down', fr: 'les trois objectifs, écrits' },
  'slo.reasons': { en: 'with reasons', fr: 'avec justifications' },
  'slo.slis': { en: 'recorded SLIs', fr: 'des SLI enregistrés' },
  'slo.alerts': { en: 'an alert for each objective', fr: 'une alerte par objectif' },
  'slo.outage': { en: 'a total outage is counted', fr: 'une panne totale est comptée' },
  'slo.budget': { en: 'the error budget is shown', fr: 'le budget d’erreur est affiché' },
  'documentation.summaries': { en: 'a summary for each alert', fr: 'un summary par alerte' },
  'documentation.descriptions': { en: 'a description for each alert', fr: 'une description par alerte' },
  'documentation.severities': { en: 'a severity for each alert', fr: 'une severity par alerte' },
  'documentation.truth': { en: 'texts that say what is so', fr: 'des textes qui disent vrai' },
  'documentation.documents': { en: 'a document beside the SLOs', fr: 'un document en plus des SLO' },
  'documentation.panels': { en: 'a description for each panel', fr: 'une description par panel' },
} satisfies Record<string, Title>;

/** What the checks of a stack that runs ask. */
export const LIVE_TITLES = {
  'stack.running': { en: 'every service runs', fr: 'tous les services tournent' },
  'stack.healthy': { en: 'health checks that pass', fr: 'des healthchecks qui passent' },
  'stack.serves': { en: 'the shop answers', fr: 'la boutique répond' },
  'metrics.up': { en: 'all targets are UP', fr: 'toutes les cibles sont UP' },
  'metrics.present': { en: 'the metrics arrive', fr: 'les métriques arrivent' },
  'rules.loaded': {
    en: 'the rules that run are those of the files',
    fr: 'les règles actives sont celles des fichiers',
  },
  'rules.answers': { en: 'every alert’s query answers', fr: 'la requête de chaque alerte répond' },
  'rules.incidents': {
    en: 'alerts fire in the incidents, on time',
    fr: 'les alertes se déclenchent à temps pendant les incidents',
  },
  'rules.calm': {
    en: 'no alert with nothing broken, none forged',
    fr: 'aucune alerte sans panne, aucune forgée',
  },
  'rules.notified': {
    en: 'notifications are seen, and not silenced',
    fr: 'les notifications sont vues, sans silence',
  },
  'dashboard.data': { en: 'every panel shows data', fr: 'chaque panel affiche des données' },
  'slo.values': { en: 'the SLIs have values', fr: 'les SLI ont des valeurs' },
  'slo.raised': { en: 'broken objectives raise alerts', fr: 'les objectifs manqués déclenchent des alertes' },
} satisfies Record<string, Title>;

export type LiveCheckId = keyof typeof LIVE_TITLES;
export type CriterionId = keyof typeof CRITERION_TITLES;
export type CheckId = keyof typeof CHECK_TITLES;
export type AnyCheckId = CheckId | LiveCheckId;

/** The lab's checklist, and the checks that speak of each of its items: of files, and of a stack that runs. */
export const CHECKLIST: Readonly<
  Record<string, Title & { by: readonly CheckId[]; live: readonly LiveCheckId[] }>
> = {
  'targets-up': {
    en: 'All targets are UP in Prometheus',
    fr: 'Toutes les targets sont UP dans Prometheus',
    by: ['stack.files', 'metrics.jobs', 'metrics.targets'],
    live: ['metrics.up'],
  },
  'api-metrics': {
    en: 'The API’s metrics appear',
    fr: 'Les métriques de l’API apparaissent',
    by: ['metrics.application'],
    live: ['metrics.present'],
  },
  'alerts-configured': {
    en: 'The alerts are configured',
    fr: 'Les alertes sont configurées',
    by: ['rules.files', 'rules.valid', 'rules.alerts'],
    live: ['rules.loaded', 'rules.answers'],
  },
  'dashboards-shown': {
    en: 'Grafana shows the dashboards',
    fr: 'Grafana affiche les dashboards',
    by: ['dashboard.provisioning', 'dashboard.queries'],
    live: ['dashboard.data'],
  },
  'alerts-fire': {
    en: 'The alerts fire during the tests',
    fr: 'Les alertes se déclenchent lors des tests',
    by: ['rules.can-fire', 'rules.quiet', 'rules.sight'],
    live: ['rules.incidents', 'rules.calm'],
  },
  'notifications-arrive': {
    en: 'The notifications arrive',
    fr: 'Les notifications arrivent',
    by: ['rules.delivery'],
    live: ['rules.notified'],
  },
};

/** How a grade came about, by its mode. */
export function howGraded({
  mode,
  live,
}: {
  mode: 'static' | 'live';
  live?: { project: string | null };
}): Title {
  if (mode === 'static') return REPORT.static;
  return live?.project === null ? REPORT.absent : REPORT.live;
}

/** Words of the report itself. */
export const REPORT = {
  title: { en: 'Grade', fr: 'Évaluation' },
  passed: { en: 'passed', fr: 'réussi' },
  failed: { en: 'not passed', fr: 'non réussi' },
  passMark: { en: 'pass mark', fr: 'seuil de réussite' },
  static: {
    en: 'Graded from the files alone (--static): nothing was started, so what only a running stack can show is judged by what its files prove.',
    fr: 'Évalué sur les seuls fichiers (--static) : rien n’a été démarré ; ce que seule une stack en marche peut montrer est jugé sur ce que ses fichiers prouvent.',
  },
  live: {
    en: 'Graded while it ran: what its files prove, and what was seen of it, at rest and in the lab’s incidents.',
    fr: 'Évalué en marche : ce que prouvent ses fichiers, et ce qui a été vu, au repos et pendant les incidents du TP.',
  },
  absent: {
    en: 'Graded as a stack that should run, and of which no container is there: it has what its files prove.',
    fr: 'Évalué comme une stack qui devrait tourner, et dont aucun conteneur n’existe : elle a ce que prouvent ses fichiers.',
  },
  undecided: {
    en: 'Not everything could be told, as the machine was too busy: grade it again.',
    fr: 'Tout n’a pas pu être établi, la machine étant trop occupée : évaluer à nouveau.',
  },
  seen: { en: 'seen', fr: 'vu' },
  notSeen: { en: 'not seen', fr: 'non vu' },
  incidents: { en: 'Incidents, each with its record', fr: 'Incidents, chacun avec son enregistrement' },
  criterion: { en: 'criterion', fr: 'critère' },
  points: { en: 'points', fr: 'points' },
  of: { en: 'of', fr: 'sur' },
  evidence: { en: 'what won them', fr: 'ce qui les vaut' },
  findings: { en: 'What would win points back', fr: 'Ce qui regagnerait des points' },
  noFindings: { en: 'Nothing was lost.', fr: 'Rien n’a été perdu.' },
  fix: { en: 'change', fr: 'correction' },
  checklist: { en: 'Checklist', fr: 'Checklist de validation' },
  ready: { en: 'nothing in the files stands against it', fr: 'rien dans les fichiers ne s’y oppose' },
  notReady: { en: 'the files stand against it', fr: 'les fichiers s’y opposent' },
  files: { en: 'Files that were taken', fr: 'Fichiers retenus' },
  unread: { en: 'Not read, or with mistakes', fr: 'Non lus, ou fautifs' },
  none: { en: 'none', fr: 'aucun' },
  promtool: { en: 'promtool', fr: 'promtool' },
  promtoolAbsent: {
    en: 'not on this machine; rules were checked by our own reader alone',
    fr: 'absent de cette machine ; les règles ont été vérifiées par notre seul lecteur',
  },
  promtoolRan: { en: 'ran beside our own reader', fr: 'exécuté en plus de notre lecteur' },
} satisfies Record<string, Title>;
