import { both } from './words.ts';

type Alert = { alert: string };

export const RULES = {
  'few-rule-files': both<{ have: number; want: number }>(
    ({ have, want }) => [
      `${have} rule files with rules in them; ${want} are asked for`,
      'write infrastructure.yml, application.yml and slo.yml',
    ],
    ({ have, want }) => [
      `${have} fichiers de règles contenant des règles ; il en faut ${want}`,
      'écrire infrastructure.yml, application.yml et slo.yml',
    ],
  ),
  'rules-not-loaded': both<{ file: string }>(
    ({ file }) => [
      `no pattern under rule_files: of prometheus.yml takes ${file}, so Prometheus never reads it`,
      'rule_files: [/etc/prometheus/rules/*.yml]',
    ],
    ({ file }) => [
      `aucun motif sous rule_files: de prometheus.yml ne prend ${file} : Prometheus ne le lit jamais`,
      'rule_files: [/etc/prometheus/rules/*.yml]',
    ],
  ),
  'no-rules': both<object>(
    () => ['there is no alerting rule', 'hand in prometheus/rules/*.yml'],
    () => ['il n’y a aucune règle d’alerte', 'rendre prometheus/rules/*.yml'],
  ),
  'bad-rules': both<{ why: string }>(
    ({ why }) => [
      `Prometheus refuses this file: ${why}`,
      'mend what stands at that place; promtool check rules shows it too',
    ],
    ({ why }) => [
      `Prometheus refuse ce fichier : ${why}`,
      'corriger à cet endroit ; promtool check rules le montre aussi',
    ],
  ),
  'no-alert': both<{ alert: string; metric: string; expr: string }>(
    ({ alert, metric, expr }) => [
      `no alert does what ${alert} is for: none of that name reads ${metric}, and no other`,
      `add ${alert}: ${expr}`,
    ],
    ({ alert, metric, expr }) => [
      `aucune alerte ne fait ce que doit faire ${alert} : aucune de ce nom ne lit ${metric}, ni aucune autre`,
      `ajouter ${alert} : ${expr}`,
    ],
  ),
  'no-for': both<{ alert: string; forText: string }>(
    ({ alert, forText }) => [
      `${alert} fires at the first bad evaluation, as it has no for: that outlasts one`,
      `for: ${forText}`,
    ],
    ({ alert, forText }) => [
      `${alert} se déclenche à la première évaluation mauvaise : son for: n’en dure pas une`,
      `for: ${forText}`,
    ],
  ),
  'always-fires': both<Alert>(
    ({ alert }) => [
      `${alert} fires whatever happens: its condition holds with nothing broken, so it says nothing`,
      'compare with a value that is only reached when something is wrong',
    ],
    ({ alert }) => [
      `${alert} se déclenche quoi qu’il arrive : sa condition est vraie sans aucune panne, elle ne dit donc rien`,
      'comparer à une valeur qui n’est atteinte que si quelque chose va mal',
    ],
  ),
  'already-holds': both<{ alert: string; file: string }>(
    ({ alert, file }) => [
      `${alert} holds on the samples of ${file}, which were taken with nothing broken`,
      'mend what makes it so, or move the threshold',
    ],
    ({ alert, file }) => [
      `la condition de ${alert} est vraie sur les valeurs de ${file}, prises sans aucune panne`,
      'corriger ce qui la rend vraie, ou déplacer le seuil',
    ],
  ),
  'missing-bucket': both<{ alert: string; metric: string; bucket: string; there: string }>(
    ({ alert, metric, bucket, there }) => [
      `${alert} can never fire: ${metric} has no bucket le="${bucket}", only ${there}`,
      `add ${bucket} to the buckets of ${metric}`,
    ],
    ({ alert, metric, bucket, there }) => [
      `${alert} ne peut jamais se déclencher : ${metric} n’a pas de bucket le="${bucket}", seulement ${there}`,
      `ajouter ${bucket} aux buckets de ${metric}`,
    ],
  ),
  'unknown-metric': both<{ alert: string; metric: string }>(
    ({ alert, metric }) => [
      `${alert} can never fire: it reads ${metric}, which nothing here exposes or records`,
      'read a metric that is there',
    ],
    ({ alert, metric }) => [
      `${alert} ne peut jamais se déclencher : elle lit ${metric}, que rien ici n’expose ni n’enregistre`,
      'lire une métrique qui existe',
    ],
  ),
  'unknown-label': both<{ alert: string; metric: string; matcher: string }>(
    ({ alert, metric, matcher }) => [
      `${alert} can never fire: no series of ${metric} has ${matcher}`,
      `match by a label and a value that ${metric} has`,
    ],
    ({ alert, metric, matcher }) => [
      `${alert} ne peut jamais se déclencher : aucune série de ${metric} n’a ${matcher}`,
      `filtrer sur un label et une valeur que ${metric} possède`,
    ],
  ),
  'never-holds': both<Alert>(
    ({ alert }) => [
      `${alert} can never fire: no value that its expression can have satisfies the comparison`,
      'compare with a value that can be reached',
    ],
    ({ alert }) => [
      `${alert} ne peut jamais se déclencher : aucune valeur possible de son expression ne satisfait la comparaison`,
      'comparer à une valeur qui peut être atteinte',
    ],
  ),
  'nobody-looks': both<{ what: string; expr: string; why: string; pourquoi: string }>(
    ({ what, expr, why }) => [`no rule looks at ${what}: ${why}`, `add an alert on ${expr}`],
    ({ what, expr, pourquoi }) => [
      `aucune règle ne regarde ${what} : ${pourquoi}`,
      `ajouter une alerte sur ${expr}`,
    ],
  ),
  'no-alertmanager': both<object>(
    () => [
      'there is no alertmanager.yml, so no notification reaches anybody',
      'add alertmanager/alertmanager.yml with a route and a receiver that has a webhook',
    ],
    () => [
      'il n’y a pas d’alertmanager.yml : aucune notification n’atteint personne',
      'ajouter alertmanager/alertmanager.yml avec une route et un receveur muni d’un webhook',
    ],
  ),
  'no-receiver': both<{ receiver: string }>(
    ({ receiver }) => [
      `the receiver ${receiver} notifies nobody, so alerts that are routed to it arrive nowhere`,
      `give ${receiver} a webhook_configs:`,
    ],
    ({ receiver }) => [
      `le receveur ${receiver} ne notifie personne : les alertes qui lui sont envoyées n’arrivent nulle part`,
      `donner un webhook_configs: à ${receiver}`,
    ],
  ),
  'not-alerting': both<object>(
    () => [
      'prometheus.yml names no Alertmanager, so alerts stay where they fire',
      'alerting: alertmanagers: static_configs: targets: [alertmanager:9093]',
    ],
    () => [
      'prometheus.yml ne nomme aucun Alertmanager : les alertes restent où elles se déclenchent',
      'alerting: alertmanagers: static_configs: targets: [alertmanager:9093]',
    ],
  ),
  'unknown-alertmanager': both<{ host: string }>(
    ({ host }) => [
      `alerts are sent to ${host}, and no service has that name`,
      'name the service as compose does',
    ],
    ({ host }) => [
      `les alertes sont envoyées à ${host}, et aucun service ne porte ce nom`,
      'écrire le nom du service comme dans compose',
    ],
  ),
};
