import { both } from './words.ts';

type Alert = { alert: string };

export const DOCUMENTATION = {
  'no-summary': both<Alert>(
    ({ alert }) => [`${alert} has no summary`, 'annotations: summary: one line that says what is wrong'],
    ({ alert }) => [
      `${alert} n’a pas de summary`,
      'annotations: summary: une ligne qui dit ce qui ne va pas',
    ],
  ),
  'no-description': both<Alert>(
    ({ alert }) => [`${alert} has no description`, 'annotations: description: with {{ $value }} and where'],
    ({ alert }) => [
      `${alert} n’a pas de description`,
      'annotations: description: avec {{ $value }} et le lieu',
    ],
  ),
  'no-severity': both<Alert>(
    ({ alert }) => [
      `${alert} has no severity, so nobody can route it`,
      'labels: severity: warning or critical',
    ],
    ({ alert }) => [
      `${alert} n’a pas de severity : on ne peut pas la router`,
      'labels: severity: warning ou critical',
    ],
  ),
  'ratio-as-percent': both<Alert>(
    ({ alert }) => [
      `${alert} prints a ratio between 0 and 1 as if it were a percentage: 94 % reads as 0.9 %`,
      '{{ $value | humanizePercentage }}',
    ],
    ({ alert }) => [
      `${alert} affiche un rapport entre 0 et 1 comme un pourcentage : 94 % se lit 0,9 %`,
      '{{ $value | humanizePercentage }}',
    ],
  ),
  'lost-label': both<{ alert: string; label: string }>(
    ({ alert, label }) => [
      `${alert} names {{ $labels.${label} }}, which its expression drops: it is always empty`,
      `aggregate by (${label}), or leave it out of the text`,
    ],
    ({ alert, label }) => [
      `${alert} cite {{ $labels.${label} }}, que son expression supprime : toujours vide`,
      `agréger by (${label}), ou le retirer du texte`,
    ],
  ),
  'no-documents': both<object>(
    () => [
      'no document beside the SLOs says how the stack is used or what to do when an alert fires',
      'add README.md: how to start it, where each interface is, what each alert asks for',
    ],
    () => [
      'aucun document hors SLO ne dit comment la stack s’utilise ni que faire quand une alerte se déclenche',
      'ajouter README.md : le démarrage, l’adresse de chaque interface, ce que demande chaque alerte',
    ],
  ),
  'no-panel-description': both<{ panel: string }>(
    ({ panel }) => [
      `the panel ${panel} has no description`,
      'say in a sentence what it shows and when it is bad',
    ],
    ({ panel }) => [
      `le panel ${panel} n’a pas de description`,
      'dire en une phrase ce qu’il montre et quand c’est mauvais',
    ],
  ),
};
