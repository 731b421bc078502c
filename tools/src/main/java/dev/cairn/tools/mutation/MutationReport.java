package dev.cairn.tools.mutation;

import dev.cairn.tools.console.UnreadableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** PIT's {@code mutations.xml}, read. What ran out of time or memory, ended the
 * process or could not be loaded, was noticed: it is killed. */
record MutationReport(List<Mutation> mutations) {

    private static final Set<String> SURVIVED = Set.of("SURVIVED", "NO_COVERAGE");
    private static final Set<String> KILLED = Set.of("KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR", "NON_VIABLE");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+");

    /** @throws UnreadableException if it is no report, or tells of mutants whose fate is not known */
    static MutationReport read(Path file) throws IOException {
        Document document;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null); // else it also writes what it throws to standard error
            document = builder.parse(file.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new UnreadableException(file + " is no report of mutations: " + e.getMessage());
        }
        NodeList nodes = document.getElementsByTagName("mutation");
        List<Mutation> mutations = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            mutations.add(mutation((Element) nodes.item(i)));
        }
        if (mutations.isEmpty()) {
            throw new UnreadableException(file + " tells of no mutations");
        }
        return new MutationReport(List.copyOf(mutations));
    }

    private static Mutation mutation(Element element) {
        String status = element.getAttribute("status");
        if (!SURVIVED.contains(status) && !KILLED.contains(status)) {
            throw new UnreadableException("expected the fate of a mutant, found \"" + status + "\"");
        }
        String className = text(element, "mutatedClass");
        String method = text(element, "mutatedMethod");
        Matcher lambda = LAMBDA.matcher(method);
        return new Mutation(
                className.substring(className.lastIndexOf('.') + 1),
                lambda.matches() ? lambda.group(1) : method,
                mutator(text(element, "mutator")),
                text(element, "description"),
                Integer.parseInt(text(element, "lineNumber")),
                SURVIVED.contains(status));
    }

    private static String mutator(String className) {
        return className.substring(className.lastIndexOf('.') + 1).replace("Mutator", "");
    }

    private static String text(Element element, String tag) {
        return element.getElementsByTagName(tag).item(0).getTextContent();
    }

    long killed() {
        return mutations.stream().filter(m -> !m.survived()).count();
    }

    List<Mutation> survivors() {
        return mutations.stream().filter(Mutation::survived).toList();
    }

    /** Killed mutants of a hundred. */
    double score() {
        return 100.0 * killed() / mutations.size();
    }

    /** The command's last line. Rounded down: what is not reached is not shown as reached. */
    String summary() {
        double shown = Math.floor(score() * 10) / 10;
        return String.format(
                Locale.ROOT,
                "mutation: score=%.1f killed=%d survived=%d",
                shown,
                killed(),
                mutations.size() - killed());
    }
}
