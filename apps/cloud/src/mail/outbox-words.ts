import type { Language } from '@offhook/contract';
import { languages } from '@offhook/words';

type OutboxWords = {
  title: string;
  /** What this page is. */
  lead: string;
  empty: string;
  to: (address: string) => string;
  back: string;
  erased: string;
  unknown: string;
};

export const outboxWords: Readonly<Record<Language, OutboxWords>> = {
  en: {
    title: 'Outgoing mail',
    lead: 'No mail server is set up here: mails are shown on this page instead, newest first.',
    empty: 'No mail has been written yet.',
    to: (address) => `to ${address}`,
    back: 'All mails',
    erased: 'The contents of this mail have been erased.',
    unknown: 'There is no such mail.',
  },
  de: {
    title: 'Ausgehende Post',
    lead: 'Hier ist kein Mailserver eingerichtet: E-Mails erscheinen stattdessen auf dieser Seite, die neueste zuerst.',
    empty: 'Es wurde noch keine E-Mail geschrieben.',
    to: (address) => `an ${address}`,
    back: 'Alle E-Mails',
    erased: 'Der Inhalt dieser E-Mail wurde gelöscht.',
    unknown: 'Diese E-Mail gibt es nicht.',
  },
  fr: {
    title: 'Courrier sortant',
    lead: 'Aucun serveur de messagerie n’est configuré ici : les e-mails s’affichent sur cette page, le plus récent en premier.',
    empty: 'Aucun e-mail n’a encore été écrit.',
    to: (address) => `à ${address}`,
    back: 'Tous les e-mails',
    erased: 'Le contenu de cet e-mail a été effacé.',
    unknown: 'Cet e-mail n’existe pas.',
  },
  es: {
    title: 'Correo saliente',
    lead: 'Aquí no hay ningún servidor de correo configurado: los mensajes se muestran en esta página, el más reciente primero.',
    empty: 'Todavía no se ha escrito ningún mensaje.',
    to: (address) => `para ${address}`,
    back: 'Todos los mensajes',
    erased: 'El contenido de este mensaje se ha borrado.',
    unknown: 'Este mensaje no existe.',
  },
  it: {
    title: 'Posta in uscita',
    lead: 'Qui non è configurato alcun server di posta: i messaggi compaiono in questa pagina, il più recente per primo.',
    empty: 'Non è stato ancora scritto alcun messaggio.',
    to: (address) => `a ${address}`,
    back: 'Tutti i messaggi',
    erased: 'Il contenuto di questo messaggio è stato cancellato.',
    unknown: 'Questo messaggio non esiste.',
  },
  nl: {
    title: 'Uitgaande post',
    lead: 'Hier is geen mailserver ingesteld: e-mails verschijnen op deze pagina, de nieuwste eerst.',
    empty: 'Er is nog geen e-mail geschreven.',
    to: (address) => `aan ${address}`,
    back: 'Alle e-mails',
    erased: 'De inhoud van deze e-mail is gewist.',
    unknown: 'Deze e-mail bestaat niet.',
  },
  ca: {
    title: 'Correu sortint',
    lead: 'Aquí no hi ha cap servidor de correu configurat: els missatges es mostren en aquesta pàgina, el més recent primer.',
    empty: 'Encara no s’ha escrit cap missatge.',
    to: (address) => `per a ${address}`,
    back: 'Tots els missatges',
    erased: 'El contingut d’aquest missatge s’ha esborrat.',
    unknown: 'Aquest missatge no existeix.',
  },
};

/** The first language of ours that a browser asks for (`Accept-Language`, RFC 9110 section 12.5.4), in the order that it names them. */
export function preferredLanguage(header: string | undefined): Language {
  const asked = (header ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return asked.map((tag) => languages.find((one) => one === tag)).find((one) => one !== undefined) ?? 'en';
}
