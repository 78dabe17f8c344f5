import com.sun.source.doctree.*;
import com.sun.source.util.DocTreePath;
import com.sun.source.util.DocTreeScanner;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.*;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import jdk.javadoc.doclet.*;

/** Prints what javadoc documents, one JSON object a line. */
public class Reference implements Doclet {
  private DocTrees trees;
  private Elements elements;

  public void init(Locale locale, Reporter reporter) {}

  public String getName() {
    return "Reference";
  }

  public Set<? extends Option> getSupportedOptions() {
    return Set.of();
  }

  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latest();
  }

  public boolean run(DocletEnvironment environment) {
    trees = environment.getDocTrees();
    elements = environment.getElementUtils();
    for (TypeElement type : ElementFilter.typesIn(environment.getIncludedElements())) {
      if (type.getEnclosingElement().getKind() == ElementKind.PACKAGE) tellType(type, "", true);
    }
    return true;
  }

  /** A protected member is used by who extends its class. */
  private static boolean offers(Element element) {
    return element.getModifiers().contains(Modifier.PUBLIC) || element.getModifiers().contains(Modifier.PROTECTED);
  }

  private void tellType(TypeElement type, String owner, boolean shown) {
    String name = owner + type.getSimpleName();
    boolean isPublic = shown && offers(type);
    tell(type, name, false, isPublic, "");
    for (Element member : type.getEnclosedElements()) {
      boolean memberPublic = isPublic && offers(member);
      String qualified = name + "." + member.getSimpleName();
      if (member instanceof TypeElement) {
        tellType((TypeElement) member, name + ".", isPublic);
      } else if (member.getKind().isField()) {
        tell(member, qualified, true, memberPublic, "");
      } else if (member instanceof ExecutableElement) {
        ExecutableElement method = (ExecutableElement) member;
        boolean constructor = method.getKind() == ElementKind.CONSTRUCTOR;
        if (constructor) qualified = name + "." + type.getSimpleName();
        if (method.getKind() == ElementKind.METHOD || constructor)
          tell(method, qualified, type.getKind() == ElementKind.ANNOTATION_TYPE, memberPublic, head(method, constructor ? type.getSimpleName().toString() : method.getSimpleName().toString(), constructor));
      }
    }
  }

  private String head(ExecutableElement method, String name, boolean constructor) {
    String types = method.getTypeParameters().stream().map(this::bounded).collect(Collectors.joining(", "));
    StringBuilder parameters = new StringBuilder();
    List<? extends VariableElement> all = method.getParameters();
    for (int at = 0; at < all.size(); at++) {
      String type = all.get(at).asType().toString();
      if (method.isVarArgs() && at == all.size() - 1) type = type.replaceAll("\\[\\]$", "...");
      parameters.append(at > 0 ? ", " : "").append(type).append(" ").append(all.get(at).getSimpleName());
    }
    String thrown = method.getThrownTypes().stream().map(TypeMirror::toString).collect(Collectors.joining(", "));
    return (types.isEmpty() ? "" : "<" + types + "> ") + (constructor ? "" : method.getReturnType() + " ") + name + "(" + parameters + ")" + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private String bounded(TypeParameterElement one) {
    String bounds = one.getBounds().stream().map(TypeMirror::toString).filter(bound -> !bound.equals("java.lang.Object")).collect(Collectors.joining(" & "));
    return one.getSimpleName() + (bounds.isEmpty() ? "" : " extends " + bounds);
  }

  private void tell(Element element, String name, boolean member, boolean isPublic, String signature) {
    TreePath path = trees.getPath(element);
    // No source holds an implicit constructor or an enum's values().
    if (path == null || elements.getOrigin(element) != Elements.Origin.EXPLICIT) return;
    DocCommentTree comment = trees.getDocCommentTree(element);
    StringBuilder text = new StringBuilder();
    if (comment != null) new Words().scan(comment, text);
    System.out.println("{\"path\": " + quoted(path.getCompilationUnit().getSourceFile().getName()) + ", \"name\": " + quoted(name) + ", \"member\": " + member
        + ", \"public\": " + isPublic + ", \"doc\": " + quoted(text.toString()) + ", \"signature\": " + quoted(signature) + "}");
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char one : text.toCharArray()) {
      if (one == '"' || one == '\\') out.append('\\').append(one);
      else if (one < 32 || one > 126) out.append(String.format("\\u%04x", (int) one));
      else out.append(one);
    }
    return out.append('"').toString();
  }

  /** The words that a page of javadoc's shows: of a link its label, else what it refers to. */
  private static class Words extends DocTreeScanner<Void, StringBuilder> {
    @Override
    public Void visitText(TextTree node, StringBuilder out) {
      out.append(node.getBody());
      return null;
    }

    @Override
    public Void visitEntity(EntityTree node, StringBuilder out) {
      out.append("&").append(node.getName()).append(";");
      return null;
    }

    @Override
    public Void visitStartElement(StartElementTree node, StringBuilder out) {
      out.append(node.getName().toString().matches("(?i)code|em|i|b|strong|tt|a|sup|sub|span|font") ? "" : " ");
      return null;
    }

    @Override
    public Void visitEndElement(EndElementTree node, StringBuilder out) {
      out.append(node.getName().toString().matches("(?i)code|em|i|b|strong|tt|a|sup|sub|span|font") ? "" : " ");
      return null;
    }

    @Override
    public Void visitComment(CommentTree node, StringBuilder out) {
      return null;
    }

    @Override
    public Void visitLink(LinkTree node, StringBuilder out) {
      if (node.getLabel().isEmpty()) out.append(node.getReference().getSignature());
      else scan(node.getLabel(), out);
      return null;
    }

    @Override
    public Void visitSee(SeeTree node, StringBuilder out) {
      out.append("\n");
      boolean labelled = node.getReference().size() > 1;
      scan(labelled ? node.getReference().subList(1, node.getReference().size()) : node.getReference(), out);
      return null;
    }

    @Override
    public Void visitReference(ReferenceTree node, StringBuilder out) {
      out.append(node.getSignature()).append(" ");
      return null;
    }

    @Override
    public Void visitLiteral(LiteralTree node, StringBuilder out) {
      out.append(node.getBody().getBody().replace("&", "&amp;").replace("<", "&lt;"));
      return null;
    }

    @Override
    public Void visitIdentifier(IdentifierTree node, StringBuilder out) {
      out.append("\n").append(node.getName()).append(" ");
      return null;
    }

    @Override
    public Void scan(DocTree node, StringBuilder out) {
      if (node instanceof BlockTagTree) out.append("\n");
      return super.scan(node, out);
    }
  }
}
