import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language } from '@offhook/contract';

/** The terms of use that whoever activates a tenant accepts for it. Paragraphs are parted by an empty line. */
export type Terms = {
  /** Changes with every change of a text, and is kept with who accepted it and when. */
  version: string;
  texts: Readonly<Record<Language, string>>;
};

const LONGEST = 200_000;

/**
 * Terms of the provider's own, from a folder: `version.txt` and a text for each language, `en.txt`, `de.txt` …; a language that has none is shown the
 * English one, which must be there.
 * @throws Error in words for the administrator
 */
export function readTerms(folder: string): Terms {
  const read = (file: string): string | undefined => {
    let text;
    try {
      text = readFileSync(join(folder, file), 'utf8').trim();
    } catch {
      return undefined;
    }
    if (text.length > LONGEST) throw new Error(`${file} in ${folder} has more than ${LONGEST} characters.`);
    return text === '' ? undefined : text;
  };
  const version = read('version.txt');
  const english = read('en.txt');
  if (version === undefined || version.length > 50 || english === undefined) {
    throw new Error(
      `${folder} must hold version.txt (at most 50 characters) and en.txt; de.txt and the like may follow.`,
    );
  }
  const texts = Object.fromEntries(
    Language.options.map((language) => [language, read(`${language}.txt`) ?? english]),
  ) as Record<Language, string>;
  return { version, texts };
}

/** What is accepted where the provider has no terms of its own. */
const texts: Readonly<Record<Language, string>> = {
  en: `You activate Offhook for your company and may act for it.

Your provider runs the service. Price, number of seats and term are those that you agreed with your provider. You pay for the seats that are in use, by the day.

Emergency calls go through your own telephone system and its lines. They do not work without power, without a network, or while the telephone system is down. Tell the people who use Offhook, and keep another way to call for help.

You bring in only people of your company, tell them which data is kept about them, and take out those who leave. Offhook keeps names, addresses, numbers and call records for as long as you set; it never records conversations.

Keep passwords and API keys secret, and tell your provider when one may have become known.

Your provider may suspend the service when these terms are broken or bills stay unpaid. Emergency calls and your access as administrator remain.`,
  de: `Sie aktivieren Offhook für Ihr Unternehmen und dürfen für es handeln.

Den Dienst betreibt Ihr Anbieter. Preis, Anzahl der Plätze und Laufzeit sind die, die Sie mit ihm vereinbart haben. Bezahlt werden die belegten Plätze, tageweise.

Notrufe laufen über Ihre eigene Telefonanlage und deren Anschlüsse. Ohne Strom, ohne Netz oder bei ausgefallener Telefonanlage funktionieren sie nicht. Weisen Sie alle darauf hin, die Offhook benutzen, und halten Sie einen zweiten Weg für Hilferufe bereit.

Sie nehmen nur Personen Ihres Unternehmens auf, sagen ihnen, welche Daten über sie gespeichert werden, und entfernen, wer ausscheidet. Offhook speichert Namen, Adressen, Rufnummern und Anruflisten so lange, wie Sie es festlegen; Gespräche werden niemals aufgezeichnet.

Halten Sie Passwörter und API-Schlüssel geheim und sagen Sie Ihrem Anbieter Bescheid, wenn etwas davon bekannt geworden sein könnte.

Der Anbieter darf den Dienst sperren, wenn gegen diese Bedingungen verstoßen wird oder Rechnungen offen bleiben. Notrufe und Ihr Zugang als Administrator bleiben bestehen.`,
  fr: `Vous activez Offhook pour votre entreprise et êtes habilité à agir en son nom.

Le service est exploité par votre fournisseur. Le prix, le nombre de places et la durée sont ceux dont vous êtes convenus avec lui. Les places occupées sont facturées à la journée.

Les appels d’urgence passent par votre propre système téléphonique et ses lignes. Ils ne fonctionnent pas sans électricité, sans réseau ou lorsque le système téléphonique est en panne. Informez-en les utilisateurs d’Offhook et conservez un autre moyen d’appeler les secours.

Vous n’ajoutez que des personnes de votre entreprise, vous les informez des données conservées à leur sujet et vous retirez celles qui partent. Offhook conserve les noms, adresses, numéros et journaux d’appels aussi longtemps que vous le décidez ; les conversations ne sont jamais enregistrées.

Gardez les mots de passe et les clés d’API secrets et prévenez votre fournisseur si l’un d’eux a pu être divulgué.

Le fournisseur peut suspendre le service en cas de non-respect de ces conditions ou de factures impayées. Les appels d’urgence et votre accès d’administrateur sont maintenus.`,
  es: `Usted activa Offhook para su empresa y está autorizado a actuar en su nombre.

El servicio lo presta su proveedor. El precio, el número de licencias y la duración son los que acordó con él. Se cobran las licencias ocupadas, por días.

Las llamadas de emergencia pasan por su propia centralita y sus líneas. No funcionan sin electricidad, sin red o si la centralita está averiada. Avise a quienes usan Offhook y mantenga otra forma de pedir ayuda.

Usted da de alta solo a personas de su empresa, les informa de los datos que se guardan sobre ellas y da de baja a quienes se marchan. Offhook guarda nombres, direcciones, números y registros de llamadas el tiempo que usted fije; nunca graba conversaciones.

Mantenga en secreto las contraseñas y las claves de API y avise a su proveedor si alguna ha podido llegar a conocerse.

El proveedor puede suspender el servicio si se incumplen estas condiciones o quedan facturas sin pagar. Las llamadas de emergencia y su acceso como administrador se mantienen.`,
  it: `Lei attiva Offhook per la sua azienda ed è autorizzato ad agire per suo conto.

Il servizio è gestito dal suo fornitore. Prezzo, numero di postazioni e durata sono quelli concordati con lui. Si pagano le postazioni occupate, a giornata.

Le chiamate di emergenza passano dal suo centralino e dalle sue linee. Non funzionano senza corrente, senza rete o quando il centralino è guasto. Informi chi usa Offhook e tenga pronto un altro modo per chiamare aiuto.

Lei aggiunge solo persone della sua azienda, le informa dei dati conservati su di loro e rimuove chi se ne va. Offhook conserva nomi, indirizzi, numeri e registri delle chiamate per il tempo da lei stabilito; le conversazioni non vengono mai registrate.

Tenga segrete le password e le chiavi API e avvisi il fornitore se una di esse può essere diventata nota.

Il fornitore può sospendere il servizio se queste condizioni vengono violate o se le fatture restano insolute. Le chiamate di emergenza e il suo accesso da amministratore restano attivi.`,
  nl: `U activeert Offhook voor uw bedrijf en mag namens het bedrijf handelen.

De dienst wordt geleverd door uw aanbieder. Prijs, aantal plaatsen en looptijd zijn zoals u met hem hebt afgesproken. U betaalt per dag voor de plaatsen die in gebruik zijn.

Noodoproepen lopen via uw eigen telefooncentrale en haar lijnen. Ze werken niet zonder stroom, zonder netwerk of als de telefooncentrale uitvalt. Vertel dat aan iedereen die Offhook gebruikt en houd een andere manier achter de hand om hulp in te roepen.

U voegt alleen mensen van uw bedrijf toe, vertelt hun welke gegevens over hen worden bewaard en verwijdert wie vertrekt. Offhook bewaart namen, adressen, nummers en oproeplijsten zolang u dat instelt; gesprekken worden nooit opgenomen.

Houd wachtwoorden en API-sleutels geheim en waarschuw uw aanbieder als er een bekend kan zijn geworden.

De aanbieder mag de dienst opschorten als deze voorwaarden worden geschonden of rekeningen onbetaald blijven. Noodoproepen en uw toegang als beheerder blijven werken.`,
  ca: `Activeu Offhook per a la vostra empresa i esteu autoritzat a actuar en nom seu.

El servei el presta el vostre proveïdor. El preu, el nombre de llicències i la durada són els que hi heu acordat. Es cobren les llicències ocupades, per dies.

Les trucades d’emergència passen per la vostra centraleta i les seves línies. No funcionen sense electricitat, sense xarxa o si la centraleta està avariada. Aviseu-ne les persones que fan servir Offhook i tingueu a punt una altra manera de demanar ajuda.

Només doneu d’alta persones de la vostra empresa, les informeu de les dades que se’n guarden i doneu de baixa les que marxen. Offhook guarda noms, adreces, números i registres de trucades durant el temps que fixeu; no enregistra mai les converses.

Manteniu en secret les contrasenyes i les claus d’API i aviseu el vostre proveïdor si alguna ha pogut arribar a ser coneguda.

El proveïdor pot suspendre el servei si s’incompleixen aquestes condicions o queden factures pendents. Les trucades d’emergència i el vostre accés com a administrador es mantenen.`,
};

export const usualTerms: Terms = { version: '2026-11', texts };
