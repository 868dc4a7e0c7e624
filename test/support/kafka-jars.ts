import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const KAFKA_VERSION = '4.4.0';
/** What a broker under test never touches, or what is not on Maven Central (kafka-tools-api 4.4.0). */
const EXCLUDED = [
  'org.apache.kafka:kafka-tools-api',
  'org.scala-lang:scala-reflect',
  'com.github.ben-manes.caffeine:caffeine',
  'org.bitbucket.b_c:jose4j',
  'commons-beanutils:commons-beanutils',
  'commons-digester:commons-digester',
  'commons-logging:commons-logging',
  'commons-collections:commons-collections',
  'com.fasterxml.jackson.datatype:jackson-datatype-jdk8',
  'org.yaml:snakeyaml',
];

/** Why no real broker can run here, or null. Under CI a missing broker is a failure, never a silent skip. */
export function kafkaUnavailable(): string | null {
  if (process.env.KAFKA_BROKERS) return null;
  const missing = ['java', 'mvn'].filter((tool) => spawnSync(tool, ['-version']).status !== 0);
  if (missing.length === 0) return null;
  const reason = `needs ${missing.join(' and ')} to run Apache Kafka ${KAFKA_VERSION}, or KAFKA_BROKERS=host:port`;
  if (process.env.CI === 'true') throw new Error(`Kafka tests may not be skipped in CI: ${reason}`);
  return reason;
}

/** The class path of Apache Kafka, fetched once by Maven into the user's cache folder. */
export function kafkaClassPath(): string {
  const folder = join(homedir(), '.cache', 'tidewatch', `kafka-${KAFKA_VERSION}`);
  if (!existsSync(folder)) fetchJars(folder);
  return join(folder, '*');
}

/** Fetched beside its final name and renamed, so that two test files starting together cannot see half a folder. */
function fetchJars(folder: string): void {
  mkdirSync(join(folder, '..'), { recursive: true });
  const work = mkdtempSync(`${folder}-fetching-`);
  writeFileSync(join(work, 'pom.xml'), pom());
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const done = spawnSync('mvn', ['-q', '-B', goal, `-DoutputDirectory=${join(work, 'libs')}`], {
    cwd: work,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`Maven could not fetch Apache Kafka: ${done.stdout}${done.stderr}`);
  if (!existsSync(folder)) renameSync(join(work, 'libs'), folder);
  rmSync(work, { recursive: true, force: true });
}

function pom(): string {
  const exclusions = EXCLUDED.map((name) => name.split(':'))
    .map(
      ([group, artifact]) =>
        `<exclusion><groupId>${group}</groupId><artifactId>${artifact}</artifactId></exclusion>`,
    )
    .join('');
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>tidewatch.test</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
<exclusions>${exclusions}</exclusions></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>`;
}
