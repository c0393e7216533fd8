import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import com.sun.source.tree.AnyPatternTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Checks or applies the format of every Java source. The formatter parses with the javac of the JVM it runs in, and
 * that of Maven may be too old for our syntax; so this is a program of its own, started in the JDK that also compiles.
 */
final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    /** Stands for the pattern {@code _}, which palantir-java-format 2.103.0 cannot print (its issue 1614). */
    private static final String ANY = "\u01c1 _";

    private static final Pattern ANY_FORMATTED = Pattern.compile("\u01c1\\s+_");
    private static final Pattern ANY_POSSIBLE = Pattern.compile("[(,]\\s*_\\s*[,)]");

    private Format() {}

    /** Arguments: {@code check} or {@code apply}, the root, and a file whose time is that of the last good check. */
    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Path root = Path.of(args[1]);
        Path stamp = Path.of(args[2]);
        FileTime checked = Files.exists(stamp) ? Files.getLastModifiedTime(stamp) : FileTime.fromMillis(0);
        FileTime now = FileTime.fromMillis(System.currentTimeMillis());

        Queue<String> different = new ConcurrentLinkedQueue<>();
        Queue<String> unreadable = new ConcurrentLinkedQueue<>();
        sources(root, checked).parallelStream().forEach(file -> {
            try {
                String source = Files.readString(file);
                String formatted = format(source);
                if (!formatted.equals(source)) {
                    different.add(root.relativize(file).toString());
                    if (apply) {
                        Files.writeString(file, formatted);
                    }
                }
            } catch (FormatterException e) {
                unreadable.add(root.relativize(file) + ":" + e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        if (apply) {
            different.stream().sorted().forEach(file -> System.out.println("formatted " + file));
        }
        boolean failed = report("the formatter cannot read these files:", unreadable);
        if (!apply) {
            failed |= report("not formatted (run `mvn -q -N verify -Dformat=apply`):", different);
        }
        if (failed) {
            System.exit(1);
        }
        Files.createDirectories(stamp.getParent());
        Files.writeString(stamp, "");
        Files.setLastModifiedTime(stamp, now);
    }

    private static List<Path> sources(Path root, FileTime after) throws IOException {
        List<Path> folders = new ArrayList<>(List.of(root.resolve(".ci")));
        try (Stream<Path> modules = Files.list(root)) {
            modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .forEach(folders::add);
        }
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    if (Files.getLastModifiedTime(file).compareTo(after) >= 0) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    private static String format(String source) throws FormatterException, IOException {
        StringBuilder masked = new StringBuilder(source);
        if (ANY_POSSIBLE.matcher(source).find()) {
            for (int position : anyPatterns(source).descendingSet()) {
                masked.replace(position, position + 1, ANY);
            }
        }
        String formatted = FORMATTER.formatSourceAndFixImports(masked.toString());
        return ANY_FORMATTED.matcher(formatted).replaceAll("_");
    }

    private static NavigableSet<Integer> anyPatterns(String source) throws IOException {
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, List.of(file));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        NavigableSet<Integer> found = new TreeSet<>();
        for (CompilationUnitTree unit : task.parse()) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitAnyPattern(AnyPatternTree tree, Void unused) {
                    // javac 25 gives the position of the token that follows
                    found.add(source.lastIndexOf('_', (int) positions.getStartPosition(unit, tree)));
                    return null;
                }
            }.scan(unit, null);
        }
        return found;
    }

    private static boolean report(String what, Queue<String> files) {
        if (!files.isEmpty()) {
            System.err.println(what);
            files.stream().sorted().forEach(file -> System.err.println("  " + file));
        }
        return !files.isEmpty();
    }
}
